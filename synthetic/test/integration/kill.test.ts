import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CollectorStandIn } from './support/collector-stand-in.js';
import { EventSink } from './support/event-sinks.js';
import { type Runner, startLibrary, startRunner, until } from './support/processes.js';

/** Park and Miller: the same moments every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** The long version: TORTURE_ROUNDS=20. */
const rounds = Number(process.env['TORTURE_ROUNDS'] ?? 1);

it(
  'whenever runner and collector are killed, each episode is opened and closed once under one key',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orrery-kill-'));
    const library = await startLibrary();
    const collector = await new CollectorStandIn().start();
    const hook = await EventSink.start('webhook');
    const random = seeded(17);
    let runner: Runner | undefined;
    const start = () => {
      const where = ['--api', collector.url, '--otlp', collector.url, '--config', join(folder, 'orrery.yaml')];
      runner = startRunner(['serve', '--checks', folder, '--expectations', folder, ...where]);
      return runner;
    };
    try {
      await writeFile(join(folder, 'orrery.yaml'), `notify: { team: { type: webhook, url: "${hook.url}/" } }\n`);
      const check = `{ name: books, title: Books, every: 1s, alert: { fail_streak: 2, pass_streak: 2 }, steps: [ { name: Find, request: { url: "${library.url}/books" } } ] }`;
      await writeFile(join(folder, 'books.check.yaml'), check);
      for (let round = 0; round < rounds; round += 1) {
        for (const mood of ['ill', 'well'] as const) {
          await library.mood(mood);
          const doomed = start();
          const writes = collector.state.writes.length;
          // Somewhere between the first write of this stretch and a little after it.
          await until(() => collector.state.writes.length > writes, 'a write');
          const moment = Date.now() + random() * 1500;
          await until(() => Date.now() >= moment, 'the moment');
          await doomed.end('SIGKILL');
          if (random() < 0.5) {
            await collector.stop();
            await collector.start();
          }
          const wanted = mood === 'ill' ? 'firing' : 'resolved';
          const next = start();
          await until(() => {
            const alert = collector.state.alerts.get('books');
            return alert?.state === wanted && alert.notifications.every(({ outcome }) => outcome !== 'waiting');
          }, `${wanted}, and told`);
          await next.end('SIGKILL');
        }
      }
      const keys = hook.received.map(({ headers }) => headers['idempotency-key']);
      const once = keys.filter((key, index) => keys.indexOf(key) === index);
      expect(once).toEqual(
        Array.from({ length: rounds }, (_, round) => round + 1).flatMap((episode) => [
          `orrery:books:${episode}:firing:team`,
          `orrery:books:${episode}:resolved:team`,
        ]),
      );
    } finally {
      await runner?.end('SIGKILL');
      await Promise.all([library.stop(), collector.stop(), hook.stop()]);
      await rm(folder, { recursive: true, force: true });
    }
  },
  90_000 * rounds,
);
