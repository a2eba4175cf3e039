import { openConnection } from './connection.mjs';
import { requestSource } from './requests.mjs';

/**
 * Sends for some seconds and prints one line of JSON: acknowledged items, refusals, and how long acknowledgements took.
 * The argument is JSON: see run-load.mjs.
 */
const { port, seconds, connections, itemsPerSecond, signal, items, gzip } = JSON.parse(process.argv[2]);
const next = requestSource(items > 100 ? 100 : 2000, { signal, items, gzip });
const tookMs = [];
let acknowledged = 0;
let refused = 0;
let sent = 0;

const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port, `/v1/${signal}`, gzip)));
const started = performance.now();
const until = started + seconds * 1000;
await Promise.all(open.map(worker));
const elapsed = (performance.now() - started) / 1000;
tookMs.sort((a, b) => a - b);
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    seconds: elapsed,
    requests: acknowledged,
    items: acknowledged * items,
    refused,
    p50Ms: tookMs[Math.floor(tookMs.length * 0.5)] ?? null,
    p99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? null,
    cpuSeconds: (user + system) / 1e6,
  }),
);

async function worker(connection) {
  while (performance.now() < until) {
    if (itemsPerSecond > 0) {
      const dueAt = started + (sent++ * items * 1000) / itemsPerSecond;
      if (dueAt >= until) break;
      const early = dueAt - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    }
    const before = performance.now();
    const status = await connection.post(next());
    if (status === 200) {
      acknowledged++;
      tookMs.push(performance.now() - before);
    } else {
      refused++;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  connection.close();
}
