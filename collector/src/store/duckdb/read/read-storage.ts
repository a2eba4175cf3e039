import { Signal } from '../../../log/log-record.js';
import type { StorageFigures } from '../../store.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { Params } from './params.js';

const MAX_SENDERS = 1000;
/** Slices over which instances are counted: those of the last hour or two. */
const RECENT_SLICES = 2;

export async function readStorage(
  context: ReadContext,
  deadLetters: number,
  signal: AbortSignal,
): Promise<StorageFigures> {
  const slices = context.slices.all();
  const items = (kind: number) => slices.reduce((sum, slice) => sum + (slice.extents.get(kind)?.items ?? 0), 0);
  const extents = slices.flatMap((slice) => [...slice.extents.values()]);
  const oldest = extents.reduce<bigint | null>(
    (low, { minNano }) => (low === null || minNano < low ? minNano : low),
    null,
  );
  const newest = extents.reduce<bigint | null>(
    (high, { maxNano }) => (high === null || maxNano > high ? maxNano : high),
    null,
  );
  const sizes = await Promise.all(slices.map((slice) => context.slices.bytesOf(slice)));
  await context.held.load(slices);
  const columns = 'service, sdk, sdk_version, language, last_nano';
  const parts = () =>
    context.held.parts(slices, 'senders', columns, 'TRUE', ({ catalog }) => [
      `SELECT ${columns} FROM ${catalog}.senders`,
    ]);
  const [senders, instances] = await Promise.all([
    ask(
      context,
      slices,
      new Params(),
      () => `SELECT service, sdk, sdk_version, max(language) AS language, max(last_nano) AS last
        FROM (${parts().join(' UNION ALL ')})
        GROUP BY service, sdk, sdk_version ORDER BY last DESC, service, sdk, sdk_version LIMIT ${MAX_SENDERS + 1}`,
      signal,
    ),
    recentInstances(context, signal),
  ]);
  return {
    slices: slices.length,
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    spans: items(Signal.traces),
    logs: items(Signal.logs),
    metricPoints: items(Signal.metrics),
    oldest: oldest?.toString() ?? null,
    newest: newest?.toString() ?? null,
    deadLetters,
    senders: senders.slice(0, MAX_SENDERS).map((row) => ({
      service: row.service as string,
      sdk: row.sdk as string,
      sdk_version: row.sdk_version as string,
      language: row.language as string,
      instances: instances.get(row.service as string) ?? null,
      last_seen: String(row.last),
    })),
    sendersCapped: senders.length > MAX_SENDERS,
  };
}

async function recentInstances(context: ReadContext, signal: AbortSignal): Promise<Map<string, number>> {
  const slices = context.slices.all().slice(-RECENT_SLICES);
  const rows = await ask(
    context,
    slices,
    new Params(),
    () => `SELECT service, count(DISTINCT instance)::INTEGER AS instances
      FROM ${unionOf(slices, (catalog) => `SELECT service, instance FROM ${catalog}.resources`)}
      WHERE instance <> '' GROUP BY service`,
    signal,
  );
  return new Map(rows.map((row) => [row.service as string, Number(row.instances)]));
}
