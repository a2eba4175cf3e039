import type { ResolvedRange } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { addressKey, unresolvedAddresses } from '../../../project/map/fold-map.js';
import type { EdgeDelta } from '../../../project/projection.js';
import { groupBy } from '../../answers/group-by.js';
import type { Slice } from '../slice.js';
import { ask, type ReadContext } from './context.js';
import { hexOf } from './encode-values.js';
import { Params } from './params.js';
import { slicesOfDeltas } from './red.js';
import type { AskedCall } from './remembered-calls.js';

/** Sample calls that are looked for at once. */
const MAX_SAMPLES = 500;
/** How long before the range what was found out about an address still counts: a slice that is written to knows nothing. */
const KNOWN_BEFORE_MS = 6 * 3_600_000;

export interface SampledEdge extends EdgeDelta {
  samples: EdgeDelta['sample'][];
}

/**
 * Which services answer at the addresses that clients name: the server spans under their sample calls tell.
 * `isSampled` when there were more sample calls than are looked for at once.
 */
export async function resolveAddresses(
  context: ReadContext,
  deltas: SampledEdge[],
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<{ resolutions: Map<string, string>; isSampled: boolean }> {
  const wanted = unresolvedAddresses(deltas) as SampledEdge[];
  if (wanted.length === 0) return { resolutions: new Map(), isSampled: false };
  const resolutions = await storedResolutions(context, range, signal);
  const all = wanted
    .filter((edge) => !resolutions.has(addressKey(edge)))
    .flatMap((edge) => edge.samples.map((sample) => ({ edge, ...sample })));
  const samples = all.slice(0, MAX_SAMPLES);
  const services = await answering(context, samples, signal);
  for (const { edge, traceId, spanId } of samples) {
    const service = services.get(callKey({ traceId, spanId }));
    if (service !== undefined) resolutions.set(addressKey(edge), service);
  }
  return { resolutions, isSampled: all.length > MAX_SAMPLES };
}

/** Services whose server spans answered some calls, by {@link callKey}. */
async function answering(
  context: ReadContext,
  calls: readonly { traceId: string; spanId: string }[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  if (calls.length === 0) return new Map();
  const withSpans = context.slices.all().filter((slice) => slice.extents.has(Signal.traces));
  const ids = [...new Set(calls.map(({ traceId }) => traceId))];
  const places = await context.filters.placesOfTraces(ids, withSpans);
  const slicesOf = new Map<string, Slice[]>(ids.map((id) => [id, []]));
  for (const [slice, held] of places) for (const id of held) slicesOf.get(id)?.push(slice);
  const asked = calls.map((call): AskedCall => {
    const slices = slicesOf.get(call.traceId) ?? [];
    return { key: callKey(call), traceId: call.traceId, slices, state: slices.map(stateOf).join(' ') };
  });
  const unknown = asked.filter((call) => !context.calls.knows(call));
  if (unknown.length > 0) {
    const found = await serverSpans(context, unknown, signal);
    for (const call of unknown) context.calls.remember(call, found.get(call.key));
  }
  return new Map(
    asked.flatMap((call) => {
      const service = context.calls.serviceOf(call);
      return service === undefined ? [] : [[call.key, service] as const];
    }),
  );
}

async function serverSpans(
  context: ReadContext,
  calls: readonly AskedCall[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const idsOf = new Map<Slice, Set<string>>();
  for (const { traceId, slices } of calls) {
    for (const slice of slices) idsOf.set(slice, (idsOf.get(slice) ?? new Set()).add(traceId));
  }
  const slices = [...idsOf.keys()];
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () =>
      slices
        .map((slice, place) => {
          const ids = [...(idsOf.get(slice) as Set<string>)].map((id) => params.id(id)).join(', ');
          return `SELECT ${place} AS place, trace_id, parent_id, resource FROM ${slice.catalog}.spans
            WHERE trace_id IN (${ids}) AND kind = 2`;
        })
        .join(' UNION ALL '),
    signal,
  );
  const services = new Map<string, string>();
  for (const [place, own] of groupBy(rows, (row) => row.place as number)) {
    const { resources } = await context.dictionaries.of(slices[place] as Slice, own, signal);
    for (const row of own) {
      const service = resources.get(row.resource as number)?.service;
      const call = { traceId: hexOf(row.trace_id, 32), spanId: hexOf(row.parent_id, 16) };
      if (service !== undefined) services.set(callKey(call), service);
    }
  }
  return services;
}

function callKey({ traceId, spanId }: { traceId: string; spanId: string }): string {
  return `${traceId} ${spanId}`;
}

/** Of a slice: the same as long as nothing is added to it. */
function stateOf({ catalog, commits }: Slice): string {
  return `${catalog}/${commits}`;
}

/** What was found out when slices of the range, or not long before, were sealed; the newest counts. */
async function storedResolutions(
  context: ReadContext,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const near = { from_ms: range.from_ms - KNOWN_BEFORE_MS, to_ms: range.to_ms };
  const slices = slicesOfDeltas(context.slices, near);
  const known = await context.resolutions.of(slices, signal);
  const resolutions = new Map<string, string>();
  for (const slice of slices) for (const { key, service } of known.get(slice) ?? []) resolutions.set(key, service);
  return resolutions;
}
