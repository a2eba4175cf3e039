import type { Client } from '@elastic/elasticsearch';
import type { ElasticsearchConfig } from './config.js';
import { asStoreError } from './errors.js';
import { type IndexNames, SLICED_KINDS, type SlicedKind } from './indices.js';

const HOUR_MS = 3_600_000;

export type Retention = Pick<ElasticsearchConfig, 'retention' | 'retention_hours' | 'retention_bytes'>;

interface SliceIndex {
  name: string;
  kind: SlicedKind;
  startMs: number;
  bytes: number;
}

/**
 * Deletes the indices whose slice ended longer ago than retention allows, by signal; then whole slices, the oldest
 * first, until all together are within the bound. The present slice stays whatever its size. Harmless to repeat, and to
 * run on several collectors at once.
 * @returns names of the indices that were deleted
 */
export async function deleteOldSlices(
  client: Client,
  names: IndexNames,
  retention: Retention,
  nowMs: number,
  signal: AbortSignal,
): Promise<string[]> {
  const limited = retention.retention_hours > 0 || retention.retention_bytes > 0;
  if (!limited && Object.keys(retention.retention).length === 0) return [];
  try {
    const indices = await sliceIndices(client, names, signal);
    const old = indices.filter(({ kind, startMs }) => {
      const hours = hoursOf(kind, retention);
      return hours > 0 && startMs + names.sliceMs + hours * HOUR_MS <= nowMs;
    });
    const kept = indices.filter((index) => !old.includes(index));
    const tooMuch = beyondBound(kept, retention.retention_bytes, names.sliceOf(nowMs));
    const deleted = [...old, ...tooMuch].map(({ name }) => name);
    for (const index of deleted) await client.indices.delete({ index, ignore_unavailable: true }, { signal });
    return deleted;
  } catch (error) {
    signal.throwIfAborted();
    throw asStoreError(error, 'deleting old slices');
  }
}

/** How long a kind is kept; 0 for ever. */
function hoursOf(kind: SlicedKind, { retention, retention_hours }: Retention): number {
  const own = ownHours(kind, retention);
  if (own === undefined) return retention_hours;
  return retention_hours > 0 ? Math.min(own, retention_hours) : own;
}

function ownHours(kind: SlicedKind, retention: Retention['retention']): number | undefined {
  switch (kind) {
    case 'spans':
    case 'traces':
      return retention.traces_hours;
    case 'logs':
      return retention.logs_hours;
    case 'metrics':
      return retention.metrics_hours;
    default:
      return undefined;
  }
}

function beyondBound(indices: SliceIndex[], mostBytes: number, presentMs: number): SliceIndex[] {
  if (mostBytes === 0) return [];
  let bytes = indices.reduce((sum, index) => sum + index.bytes, 0);
  const gone: SliceIndex[] = [];
  const starts = [...new Set(indices.map(({ startMs }) => startMs))].filter((startMs) => startMs < presentMs);
  for (const start of starts.sort((a, b) => a - b)) {
    if (bytes <= mostBytes) break;
    const slice = indices.filter(({ startMs }) => startMs === start);
    bytes -= slice.reduce((sum, index) => sum + index.bytes, 0);
    gone.push(...slice);
  }
  return gone;
}

async function sliceIndices(client: Client, names: IndexNames, signal: AbortSignal): Promise<SliceIndex[]> {
  const found: SliceIndex[] = [];
  for (const kind of SLICED_KINDS) {
    const answer = await client.indices.stats(
      { index: names.pattern(kind), metric: ['store'], filter_path: ['indices.*.primaries.store.size_in_bytes'] },
      { signal },
    );
    for (const [name, { primaries }] of Object.entries(answer.indices ?? {})) {
      const startMs = names.startOf(name);
      if (startMs !== null) found.push({ name, kind, startMs, bytes: primaries?.store?.size_in_bytes ?? 0 });
    }
  }
  return found;
}
