import type { LogRow } from '../../../api/contract/index.js';
import type * as Question from '../../question.js';
import { asStoreError } from '../errors.js';
import { filterQuery } from './filter-query.js';
import { LOG_SOURCE, logRow } from './log-reader.js';
import { environmentQueries } from './scope.js';
import type { Search } from './search.js';

/** Where a listener stands in each log: record and row of the last line that was looked at. */
type Places = Record<string, [position: number, row: number]>;

/**
 * Lines that were stored after a place, in the order of arrival. Up to where each log is stored says its cursor; with a
 * refresh after reading it everything before it can be found, so no line is passed over by one that came later.
 */
export async function readLogsSince(
  search: Search,
  question: Question.LogsSince,
  signal: AbortSignal,
): Promise<{ logs: LogRow[]; next: string; dropped: number }> {
  const stored = await storedPositions(search, signal);
  const places = question.after === null ? null : parsePlaces(question.after);
  if (places === null) {
    return { logs: [], next: JSON.stringify(beginAt(stored)), dropped: 0 };
  }
  const behind = Object.entries(stored).filter(([log, position]) => position > (places[log]?.[0] ?? 0));
  if (behind.length === 0) return { logs: [], next: JSON.stringify(places), dropped: 0 };
  await refresh(search, signal);
  const logs: LogRow[] = [];
  const next: Places = { ...places };
  for (const [log, position] of behind) {
    const room = question.limit - logs.length;
    if (room <= 0) break;
    const [after, row] = places[log] ?? [0, -1];
    const { hits } = await search.ask<Parameters<typeof logRow>[0]['source']>(
      'logs',
      {
        query: {
          bool: {
            filter: [
              { term: { log } },
              { range: { position: { gte: after, lt: position } } },
              ...environmentQueries(question.environment),
              filterQuery(question.filter, 'logs'),
            ],
          },
        },
        sort: [{ position: { order: 'asc' } }, { row: { order: 'asc' } }],
        search_after: [after, row],
        size: room,
        _source: LOG_SOURCE,
      },
      signal,
    );
    logs.push(...hits.map(logRow));
    const last = hits.at(-1);
    next[log] = last && hits.length === room ? [Number(last.sort[0]), Number(last.sort[1])] : [position, -1];
  }
  return { logs, next: JSON.stringify(next), dropped: 0 };
}

function beginAt(stored: Record<string, number>): Places {
  return Object.fromEntries(Object.entries(stored).map(([log, position]) => [log, [position, -1]]));
}

async function storedPositions(search: Search, signal: AbortSignal): Promise<Record<string, number>> {
  // Refreshed too: a cursor that cannot be found yet would be a log whose lines are held back.
  await search.client.indices
    .refresh({ index: search.names.alias('control'), ignore_unavailable: true }, { signal })
    .catch((error: unknown) => {
      throw asStoreError(error, 'reading how far the logs are stored');
    });
  const { hits } = await search.ask<{ log: string; position: number }>(
    'control',
    { size: 1000, query: { exists: { field: 'position' } } },
    signal,
  );
  return Object.fromEntries(hits.map(({ source }) => [source.log, source.position]));
}

async function refresh(search: Search, signal: AbortSignal): Promise<void> {
  await search.client.indices
    .refresh({ index: search.names.alias('logs'), ignore_unavailable: true }, { signal })
    .catch((error: unknown) => {
      throw asStoreError(error, 'refreshing the logs');
    });
}

/** Null when the text is not ours: the listener begins anew rather than not at all. */
function parsePlaces(text: string): Places | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Places) : null;
  } catch {
    return null;
  }
}
