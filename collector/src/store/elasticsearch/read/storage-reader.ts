import type { StorageFigures } from '../../store.js';
import { senderOf } from '../delta-documents.js';
import { asStoreError } from '../errors.js';
import { SLICED_KINDS } from '../indices.js';
import type { Aggregation, Search, Source } from './search.js';

const MOST_SENDERS = 1000;

export async function readStorage(search: Search, signal: AbortSignal): Promise<StorageFigures> {
  const count = (kind: 'spans' | 'logs' | 'metrics' | 'dead-letters') => search.count(kind, { match_all: {} }, signal);
  const [spans, logs, metricPoints, dead, sizes, extents, senders] = await Promise.all([
    count('spans'),
    count('logs'),
    count('metrics'),
    count('dead-letters'),
    readSizes(search, signal),
    Promise.all((['spans', 'logs', 'metrics'] as const).map((kind) => readExtent(search, kind, signal))),
    search.ask<Source>('senders', { size: MOST_SENDERS + 1, sort: [{ last_seen: 'desc' }] }, signal),
  ]);
  const known = extents.flatMap((extent) => (extent ? [extent] : []));
  const oldest = known.map(({ from }) => from).sort((a, b) => a - b)[0];
  const newest = known.map(({ to }) => to).sort((a, b) => b - a)[0];
  return {
    ...sizes,
    spans,
    logs,
    metricPoints,
    oldest: oldest === undefined ? null : nanoText(oldest),
    newest: newest === undefined ? null : nanoText(newest),
    deadLetters: dead,
    sendersCapped: senders.hits.length > MOST_SENDERS,
    senders: senders.hits.slice(0, MOST_SENDERS).map(({ source }) => {
      const fact = senderOf(source);
      return {
        service: fact.service,
        sdk: fact.sdk,
        sdk_version: fact.sdkVersion,
        language: fact.language,
        instances: null,
        last_seen: fact.lastNano.toString(),
      };
    }),
  };
}

async function readSizes(search: Search, signal: AbortSignal): Promise<{ slices: number; bytes: number }> {
  try {
    const answer = await search.client.indices.stats(
      {
        index: SLICED_KINDS.map((kind) => search.names.pattern(kind)),
        metric: ['store', 'docs'],
        filter_path: ['indices.*.total.store.size_in_bytes', 'indices.*.primaries.docs.count'],
      },
      { signal },
    );
    const indices = Object.entries(answer.indices ?? {});
    // A slice is made before its time: one that holds nothing is none yet.
    const filled = indices.filter(([, { primaries }]) => (primaries?.docs?.count ?? 0) > 0);
    const starts = new Set(filled.map(([index]) => search.names.startOf(index)));
    return {
      slices: starts.size,
      bytes: indices.reduce((sum, [, index]) => sum + (index.total?.store?.size_in_bytes ?? 0), 0),
    };
  } catch (error) {
    throw asStoreError(error, 'reading the size of what is stored');
  }
}

async function readExtent(search: Search, kind: 'spans' | 'logs' | 'metrics', signal: AbortSignal) {
  const aggs = { from: { min: { field: '@timestamp' } }, to: { max: { field: '@timestamp' } } };
  const { aggregations } = await search.ask(kind, { size: 0, aggs }, signal);
  const value = (aggregation: Aggregation | undefined) => aggregation?.value ?? null;
  const from = value(aggregations['from']);
  const to = value(aggregations['to']);
  return from === null || to === null ? null : { from, to };
}

/** Aggregations over times answer in milliseconds. */
function nanoText(ms: number): string {
  return `${BigInt(Math.floor(ms)) * 1_000_000n}`;
}
