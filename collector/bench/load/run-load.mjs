import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const client = fileURLToPath(new URL('client.mjs', import.meta.url));

/**
 * Runs the load client as a process of its own; what it printed. `signal` is `traces`, `logs` or `metrics`, `items` are
 * those of a request, and without `itemsPerSecond` it sends as fast as it goes.
 */
export async function runLoad({
  port,
  seconds,
  connections,
  itemsPerSecond = 0,
  signal = 'traces',
  items = 1000,
  gzip = true,
}) {
  const options = { port, seconds, connections, itemsPerSecond, signal, items, gzip };
  const { stdout } = await promisify(execFile)(process.execPath, [client, JSON.stringify(options)]);
  return JSON.parse(stdout);
}
