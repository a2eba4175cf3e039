import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { LogTailQuery, Routes } from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { ApiError } from '../api-error.js';
import { filterOf } from '../question.js';

const POLL_MS = 400;
const HEARTBEAT_MS = 10_000;
const LINES_PER_POLL = 500;
/** A reader that is this far behind misses lines, and is told so by a `gap`. */
const BUFFER_BYTES = 1024 * 1024;

/**
 * Server-sent events `log`, `gap` and `ping`. One loop per client; it ends when the client goes or reads nothing for a
 * while, or the server closes.
 */
export function logTailRoute(plain: FastifyInstance, { reader, limits }: ApiDeps): void {
  const open = new Set<AbortController>();
  plain.addHook('preClose', async () => {
    for (const stream of open) stream.abort();
  });

  plain.withTypeProvider<ZodTypeProvider>().get(
    Routes.logTail,
    {
      schema: { summary: 'New log lines as they are stored', tags: ['telemetry'], querystring: LogTailQuery },
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const filter = filterOf(request.query.q, 'logs');
      if (open.size >= limits.streams)
        throw new ApiError('too_many_streams', `At most ${limits.streams} may be open: close one.`);
      const stream = new AbortController();
      open.add(stream);
      reply.hijack();
      const { raw } = reply;
      raw.once('close', () => stream.abort());
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const send = (event: string, data: unknown, id?: string): void => {
        raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      try {
        await follow(send, stream.signal);
      } catch (error) {
        if (!stream.signal.aborted) request.log.warn({ err: error }, 'a live tail ended');
      } finally {
        open.delete(stream);
        raw.end();
      }

      async function follow(tell: typeof send, signal: AbortSignal): Promise<void> {
        let after: string | null = null;
        let lastSentMs = Number.NEGATIVE_INFINITY;
        let missed = 0;
        while (!signal.aborted) {
          const { environment } = request.query;
          const found = await reader.logsSince({ filter, environment, after, limit: LINES_PER_POLL }, signal);
          after = found.next;
          missed += found.dropped;
          for (const line of found.logs) {
            if (raw.writableLength > BUFFER_BYTES) missed++;
            else tell('log', line);
          }
          if (missed > 0 && raw.writableLength <= BUFFER_BYTES) {
            tell('gap', { dropped: missed });
            missed = 0;
          }
          if (found.logs.length > 0) lastSentMs = performance.now();
          else if (performance.now() - lastSentMs >= HEARTBEAT_MS) {
            tell('ping', {});
            lastSentMs = performance.now();
          }
          if (raw.writableLength > BUFFER_BYTES) {
            const waiting = raw.writableLength;
            await Promise.race([once(raw, 'drain', { signal }), sleep(limits.streamStallMs, undefined, { signal })]);
            // Nothing was written meanwhile: who has taken nothing at all is not there any more.
            if (raw.writableLength >= waiting) {
              raw.destroy();
              return;
            }
          }
          if (found.logs.length < LINES_PER_POLL) await sleep(POLL_MS, undefined, { signal });
        }
      }
    },
  );
}
