import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const client = fileURLToPath(new URL('client.mjs', import.meta.url));

/** Runs the load client as a process of its own; what it printed. */
export async function runLoad({ port, seconds, connections, spansPerSecond = 0 }) {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [client, port, seconds, connections, spansPerSecond].map(String));
  return JSON.parse(stdout);
}
