import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startShop } from '../../bootstrap/demo.mjs';

/** A shop of a test's own: without customers and weather, on ports of its own; without agent unless it is told. */
export interface RunningShop {
  readonly url: string;
  readonly control: string;
  readonly logDir: string;
  stop(): Promise<void>;
}

/** First of twenty neighbouring ports that were free a moment ago. */
export async function findFreeRange(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 400) * 20;
    const free = await Promise.all(Array.from({ length: 20 }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export async function openShop(options: { agent?: string; env?: Record<string, string> } = {}): Promise<RunningShop> {
  const basePort = await findFreeRange();
  const logDir = await mkdtemp(join(tmpdir(), 'orrery-shop-'));
  const shop = startShop({
    basePort,
    logDir,
    load: false,
    weather: false,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
    ...(options.agent ? { agent: options.agent } : {}),
  });
  const opened = new Promise<void>((resolve, reject) => {
    let output = '';
    shop.child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('shop is open:')) resolve();
    });
    shop.child.once('exit', () => reject(new Error(`the shop ended: ${output}`)));
  });
  await opened;
  return {
    url: `http://127.0.0.1:${basePort}`,
    control: `http://127.0.0.1:${basePort + 12}`,
    logDir,
    async stop() {
      await shop.stop();
      await rm(logDir, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer is the wanted one; the test's own time limit ends it. */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await delay(50);
  }
}
