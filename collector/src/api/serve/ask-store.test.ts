import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { askStore } from './ask-store.js';

/** A server whose one question never ends by itself, and how its signal ended. */
async function serverOfEndlessWork(timeoutMs: number) {
  const app = Fastify();
  let begin: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let end: (reason: unknown) => void;
  const ended = new Promise<unknown>((resolve) => (end = resolve));
  app.get('/', (request) =>
    askStore(request, timeoutMs, (signal) => {
      begin();
      signal.addEventListener('abort', () => end(signal.reason));
      return new Promise<string>(() => undefined);
    }),
  );
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, address, begun, ended };
}

it('ends the work when the client goes', async () => {
  const { app, address, begun, ended } = await serverOfEndlessWork(60_000);
  const client = new AbortController();
  const asked = fetch(address, { signal: client.signal }).catch(() => 'gone');
  await begun;
  client.abort();
  expect(String(await ended)).toContain('client closed');
  expect(await asked).toBe('gone');
  await app.close();
});

it('does not wait for work that ignores its signal', async () => {
  const { app, address, ended } = await serverOfEndlessWork(50);
  const answer = await fetch(address);
  expect(await answer.text()).toContain('query_timeout');
  expect(await ended).toMatchObject({ code: 'query_timeout' });
  await app.close();
});
