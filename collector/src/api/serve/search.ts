import type { ControlStore } from '../../control/control-store.js';
import type { FilterNode } from '../../query/ast.js';
import { literalInPattern } from '../../query/wildcard.js';
import type { TelemetryReader } from '../../store/store.js';
import type { SearchHit } from '../contract/index.js';

const TRACE_ID = /^[0-9a-f]{32}$/i;
const HITS = 40;
const PER_KIND = 8;
const DAY_MS = 86_400_000;

type Source = (text: string) => Promise<SearchHit[]>;

/**
 * Everything that `text` may mean, ids first. A source that fails or is too slow leaves its hits out: a search box
 * helps with what it has.
 */
export async function search(
  deps: { reader: TelemetryReader; control: ControlStore },
  text: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<SearchHit[]> {
  const wanted = text.trim();
  if (wanted === '') return [];
  const { reader } = deps;
  const range = (days: number) => ({
    range: { from_ms: Math.max(0, nowMs - days * DAY_MS), to_ms: nowMs + 60_000 },
    nowMs,
  });
  const has = (value: string): boolean => value.toLowerCase().includes(wanted.toLowerCase());

  const sources: Source[] = [
    async () => {
      if (!TRACE_ID.test(wanted)) return [];
      const trace = await reader.trace(wanted.toLowerCase(), signal);
      if (!trace) return [];
      const { root_service, root_name, trace_id } = trace.summary;
      const title = root_name === '' ? `Trace ${trace_id}` : `${root_service} ${root_name}`;
      return [hit('trace', title, `trace ${trace_id}`, `/traces/${trace_id}`)];
    },
    async () => {
      const saga = await reader.saga(wanted, signal);
      if (!saga) return [];
      const { saga_name, state, saga_id } = saga.summary;
      return [hit('saga', `${saga_name} ${saga_id}`, state, `/sagas/${encodeURIComponent(saga_id)}`)];
    },
    async () => {
      const filter = equals('correlation_id', wanted);
      const question = {
        ...range(7),
        filter,
        environment: '',
        synthetic: 'include',
        sort: 'start',
        order: 'desc',
        limit: 5,
      } as const;
      const { traces } = await reader.traces(question, signal);
      if (traces.length === 0) return [];
      const query = encodeURIComponent(`correlation_id:${JSON.stringify(wanted)}`);
      return [
        hit('correlation', wanted, `everything with this correlation id`, `/traces?q=${query}&from=now-7d`),
        ...traces.map(({ root_service, root_name, trace_id }) =>
          hit(
            'trace',
            `${root_service} ${root_name}`.trim() || trace_id,
            `correlation id ${wanted}`,
            `/traces/${trace_id}`,
          ),
        ),
      ];
    },
    async () => {
      const { services } = await reader.services({ ...range(1), environment: '', synthetic: 'include' }, signal);
      return services
        .filter(({ service }) => has(service))
        .map(({ service, language }) => hit('service', service, language, `/services/${encodeURIComponent(service)}`));
    },
    async () => {
      const pattern = `*${[...wanted].map(literalInPattern).join('')}*`;
      const { groups } = await reader.aggregate(
        {
          ...range(1 / 24),
          signal: 'spans',
          filter: { kind: 'wildcard', field: { source: 'column', column: 'name' }, pattern },
          environment: '',
          synthetic: 'include',
          measures: [{ op: 'count' }],
          group_by: ['service', 'name'],
          step_ms: 0,
          limit: PER_KIND,
        },
        signal,
      );
      return groups.map(({ key: [service, name] }) => {
        const query = encodeURIComponent(`service:${JSON.stringify(service ?? '')} name:${JSON.stringify(name ?? '')}`);
        return hit('operation', name ?? '', service ?? '', `/traces?q=${query}`);
      });
    },
    async () => {
      const { checks } = await deps.control.checks();
      return checks
        .filter(({ definition }) => has(definition.name) || has(definition.title))
        .map(({ definition }) =>
          hit('check', definition.title, definition.name, `/checks/${encodeURIComponent(definition.name)}`),
        );
    },
    async () => {
      const { breakers } = await reader.breakers({ ...range(1), service: '', environment: '' }, signal);
      return breakers
        .filter(({ name, target }) => has(name) || has(target))
        .map(({ id, name, service, state }) =>
          hit('breaker', name, `${service}, ${state}`, `/breakers?breaker=${encodeURIComponent(id)}`),
        );
    },
    async () => {
      const { metrics } = await reader.metrics(
        { ...range(1), search: wanted, service: '', overflow: 'include', environment: '' },
        signal,
      );
      return metrics.map(({ name, description }) =>
        hit('metric', name, description, `/metrics?name=${encodeURIComponent(name)}`),
      );
    },
  ];

  const found = await Promise.allSettled(sources.map(async (source) => (await source(wanted)).slice(0, PER_KIND)));
  const hits = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const seen = new Set<string>();
  return hits.filter(({ href }) => !seen.has(href) && seen.add(href)).slice(0, HITS);
}

function equals(column: 'correlation_id', text: string): FilterNode {
  return { kind: 'compare', field: { source: 'column', column }, op: '=', value: { type: 'string', text } };
}

function hit(kind: SearchHit['kind'], title: string, subtitle: string, href: string): SearchHit {
  return { kind, title, subtitle, href };
}
