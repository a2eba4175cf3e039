import type { MapEdge, MapNode, ServiceMap } from '../../../api/contract/index.js';
import {
  addressKey,
  attachBreakers,
  foldEdges,
  foldNodes,
  type Resolutions,
  unresolvedAddresses,
} from '../../../project/map/fold-map.js';
import type { EdgeDelta } from '../../../project/projection.js';
import { groupBy } from '../../answers/group-by.js';
import type * as Question from '../../question.js';
import { edgeKey, edgeMerging, edgeOf } from '../delta-documents.js';
import { readBreakerState } from './breaker-reader.js';
import { minutesOf, readRed, totalsOf } from './red-reader.js';
import { environmentQueries, syntheticQueries } from './scope.js';
import type { Search, Source } from './search.js';

const MOST_DOCUMENTS = 300_000;
/** Addresses whose answering service is looked for. */
const MOST_SAMPLES = 1000;

type Asked = Question.Services;

export async function readMap(search: Search, question: Asked, signal: AbortSignal): Promise<ServiceMap> {
  const { range } = question;
  const [edges, red] = await Promise.all([
    readEdges(search, question, signal),
    readRed(search, range, question, [], signal),
  ]);
  const known = [...groupBy(red.deltas, (delta) => delta.service)].map(
    ([service, deltas]): MapNode => ({
      id: `service:${service}`,
      kind: 'service',
      name: service,
      system: '',
      language: deltas.findLast((delta) => delta.language !== '')?.language ?? '',
      environments: [...new Set(deltas.map((delta) => delta.environment).filter((name) => name !== ''))].sort(),
      ...totalsOf(deltas, null).red(range),
    }),
  );
  return {
    range,
    nodes: foldNodes(known, edges.edges, edges.deltas),
    edges: edges.edges,
    unpaired: edges.unpaired,
    truncated: edges.truncated || red.truncated,
    sampled: edges.sampled,
  };
}

/** Edges of the range, addresses resolved to services where a sample call tells, with the breakers that guard them. */
export async function readEdges(
  search: Search,
  question: Asked,
  signal: AbortSignal,
): Promise<{ edges: MapEdge[]; deltas: EdgeDelta[]; unpaired: number; truncated: boolean; sampled: boolean }> {
  const { range } = question;
  const filter = [
    minutesOf(range),
    ...environmentQueries(question.environment),
    ...syntheticQueries(question.synthetic),
  ];
  const [{ documents, truncated }, breakers] = await Promise.all([
    search.everything<Source>('edges', { bool: { filter } }, MOST_DOCUMENTS, signal),
    readBreakerState(search, question, '', signal),
  ]);
  const deltas = overRange(documents.map(edgeOf));
  const unresolved = unresolvedAddresses(deltas);
  const resolutions = await resolve(search, unresolved, signal);
  const edges = foldEdges(deltas, resolutions, Math.max(0.001, (range.to_ms - range.from_ms) / 1000));
  attachBreakers(edges, breakers, resolutions);
  const unpaired = unresolved
    .filter((edge) => !resolutions.has(addressKey(edge)))
    .reduce((sum, edge) => sum + edge.count, 0);
  return { edges, deltas, unpaired, truncated, sampled: unresolved.length > MOST_SAMPLES };
}

/** One delta per edge and side: the minutes are of no interest to the map. */
function overRange(deltas: EdgeDelta[]): EdgeDelta[] {
  const edges = new Map<string, EdgeDelta>();
  for (const delta of deltas) {
    const own = { ...delta, minuteMs: 0 };
    const key = edgeKey(own);
    const known = edges.get(key);
    if (known) edgeMerging.merge(known, own);
    else edges.set(key, edgeMerging.copy(own));
  }
  return [...edges.values()];
}

/** A client span knows an address; the server span under it knows the service that answers there. */
async function resolve(search: Search, edges: EdgeDelta[], signal: AbortSignal): Promise<Resolutions> {
  const samples = edges.filter((edge) => edge.sample.spanId !== '').slice(0, MOST_SAMPLES);
  if (samples.length === 0) return new Map();
  const { hits } = await search.ask<{ trace_id: string; parent_span_id?: string; service: string }>(
    'spans',
    {
      query: {
        bool: {
          filter: [
            { terms: { trace_id: [...new Set(samples.map(({ sample }) => sample.traceId))] } },
            { terms: { parent_span_id: samples.map(({ sample }) => sample.spanId) } },
            { term: { kind: 'server' } },
          ],
        },
      },
      size: MOST_SAMPLES,
      _source: ['trace_id', 'parent_span_id', 'service'],
    },
    signal,
  );
  const services = new Map(hits.map(({ source }) => [`${source.trace_id} ${source.parent_span_id}`, source.service]));
  const resolutions = new Map<string, string>();
  for (const edge of samples) {
    const service = services.get(`${edge.sample.traceId} ${edge.sample.spanId}`);
    if (service) resolutions.set(addressKey(edge), service);
  }
  return resolutions;
}
