import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeTraces } from '../../../src/decode/decode-traces.js';
import { hexAt } from '../../../src/decode/text.js';
import { logDirectory } from '../../../src/ingest/run-ingest.js';
import { encode, Traces } from '../../otlp/otlp-messages.js';
import { readLog } from './start-ingest.js';

const program = fileURLToPath(new URL('ingest-program.ts', import.meta.url));
let child: ChildProcess | null = null;
afterEach(() => child?.kill('SIGKILL'));

/** A real intake process; resolves with its address. */
async function start(dataDir: string): Promise<string> {
  child = spawn(process.execPath, ['--import', 'tsx', program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of child.stdout!) {
    said += String(chunk);
    const port = /listening on (\d+)/.exec(said)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error('the intake ended before it listened');
}

async function kill(signal: NodeJS.Signals): Promise<void> {
  const process = child!;
  child = null;
  const exited = once(process, 'exit');
  process.kill(signal);
  await exited;
}

/** The id of the only span of a new request, and its bytes. */
function newRequest(): { id: string; body: Uint8Array } {
  const traceId = randomBytes(16);
  const nano = `${Date.now()}000000`;
  const span = {
    traceId,
    spanId: randomBytes(8),
    name: 'x'.repeat(400),
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
  };
  return {
    id: traceId.toString('hex'),
    body: encode(Traces, { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  };
}

/** True for a 200; false when the server is gone before it answered. */
async function send(url: string, body: Uint8Array): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf' },
      body: body as Uint8Array<ArrayBuffer>,
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

describe('an intake that is killed', () => {
  it('has everything it acknowledged exactly once, whatever was sent again', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'orrery-kill-'));
    const acknowledged = new Set<string>();
    let unanswered: ReturnType<typeof newRequest>[] = [];
    try {
      for (let round = 0; round < 4; round++) {
        const url = await start(dataDir);
        // A sender that lost its answer sends the same bytes again.
        for (const request of unanswered) {
          expect(await send(url, request.body)).toBe(true);
          acknowledged.add(request.id);
        }
        unanswered = [];
        let killed = Promise.resolve();
        const goal = acknowledged.size + 150;
        const senders = Array.from({ length: 8 }, async () => {
          for (;;) {
            const request = newRequest();
            if (!(await send(url, request.body))) {
              unanswered.push(request);
              return;
            }
            acknowledged.add(request.id);
            if (acknowledged.size === goal) killed = kill('SIGKILL');
          }
        });
        await Promise.all(senders);
        await killed;
      }
      const url = await start(dataDir);
      for (const request of unanswered) expect(await send(url, request.body)).toBe(true);
      for (const request of unanswered) acknowledged.add(request.id);
      await kill('SIGTERM');
      const records = await readLog(logDirectory(dataDir));
      const found = records.map(({ body }) => {
        const { columns } = decodeTraces(body);
        return hexAt(columns.bytes, columns.traceId[0]!, 16);
      });
      expect(found.length).toBe(new Set(found).size);
      expect([...acknowledged].filter((id) => !found.includes(id))).toEqual([]);
      expect(found.length).toBe(acknowledged.size);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
