import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { logDirectory } from '../../dist/ingest/run-ingest.js';
import { FileLogWriter } from '../../dist/log/file-log-writer.js';
import { createStoreClient } from '../../dist/store/tail/store-client.js';
import { storeSocket } from '../../dist/store/tail/store-socket.js';
import { createShop, shopRequests } from './shop.mjs';

const HOUR_MS = 3_600_000;
/** Bytes of the log that may wait for the store. */
const AHEAD_BYTES = 200e6;
/** One in so many traces comes hours late. */
const LATE = 200;

/**
 * Fills a data directory through the real log and the store process that runs on it: `slices` hours until now, `spans`
 * in all. What was stored is remembered in `load.json`: where it lies, and some traces and correlation ids to ask for.
 */
export async function fillSlices(dataDir, { spans, slices, progress }) {
  const log = await FileLogWriter.open({
    directory: logDirectory(dataDir),
    maxBytes: 4e9,
    segmentBytes: 64e6,
    minFreeBytes: 0,
    dedupeMs: 1,
    warn: console.error,
  });
  const client = createStoreClient(storeSocket(dataDir));
  const toMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const shop = createShop(7);
  const traces = [];
  const each = Math.floor(spans / slices);
  let stored = 0;
  let requests = 0;
  try {
    for (let slice = 0; slice < slices; slice++) {
      const fromMs = toMs - (slices - slice) * HOUR_MS;
      const seen = ({ id, correlation }, startMs) => {
        if (shop.random() < 0.002) traces.push({ id: id.toString('hex'), correlation, startMs });
      };
      const lateMs = (random) => (random() < 1 / LATE ? random() * 6 * HOUR_MS : 0);
      let sent = 0;
      const isLast = slice === slices - 1;
      const hour = { spans: each, fromMs, lengthMs: HOUR_MS - 5000, lateMs, seen, isLast };
      for (const request of shopRequests(shop, hour)) {
        sent += request.spans;
        const receivedNano = BigInt(Math.floor(fromMs + (HOUR_MS - 1) * Math.min(1, sent / each))) * 1_000_000n;
        await log.append({ signal: request.signal, encoding: 0, receivedNano, tenant: '', body: request.body });
        if (++requests % 40 > 0) continue;
        while ((await behind(client, log)) > AHEAD_BYTES) await wait(50);
      }
      stored += sent;
      progress(slice + 1, stored);
    }
    while ((await behind(client, log)) > 0) await wait(100);
  } finally {
    client.close();
    await log.close();
  }
  const load = { fromMs: toMs - slices * HOUR_MS, toMs, spans: stored, slices, traces };
  await writeFile(join(dataDir, 'load.json'), JSON.stringify(load));
  return load;
}

async function behind(client, log) {
  if (log.figures().end === 0) return 0;
  return (await client.health(AbortSignal.timeout(60_000))).lagBytes;
}
