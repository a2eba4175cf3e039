import { context } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { requestContext } from '../../self/trace-requests.js';
import { ApiError } from './api-error.js';

/** Thrown to nobody: the client that asked is gone. */
class ClientGone extends Error {}

/**
 * Runs a question with a signal that ends when the client goes or when the time is up, and does not wait for work that
 * ignores the signal.
 * @throws ApiError `query_timeout`.
 */
export async function askStore<T>(
  request: FastifyRequest,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { socket } = request.raw;
  const gone = (): void => controller.abort(new ClientGone('the client closed the connection'));
  const timeUp = (): void =>
    controller.abort(
      new ApiError('query_timeout', `There was no answer within ${timeoutMs / 1000} s: ask for a shorter range.`),
    );
  const timer = setTimeout(timeUp, timeoutMs);
  socket.once('close', gone);
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([context.with(requestContext(request), () => work(controller.signal)), aborted]);
  } finally {
    clearTimeout(timer);
    socket.off('close', gone);
    // Nobody listens any more; the race above took whatever it had to say.
    aborted.catch(() => undefined);
  }
}
