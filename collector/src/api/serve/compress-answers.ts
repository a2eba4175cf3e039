import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const gzipAsync = promisify(gzip);
/** Smaller answers fit few packets anyway. */
const WORTH_IT_BYTES = 2048;
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:json|problem\+json|javascript|manifest\+json)|image\/svg)/;

/** gzip for every large textual answer to a client that takes it. Fast levels: the client is near, and waits. */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type') ?? '');
    if (!COMPRESSIBLE.test(type) || reply.hasHeader('content-encoding')) return payload;
    void reply.header('vary', 'accept-encoding');
    if (!acceptsGzip(request.headers['accept-encoding']) || request.method === 'HEAD') return payload;
    if (reply.statusCode === 206 || reply.statusCode === 304) return payload;
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      if (Buffer.byteLength(payload) < WORTH_IT_BYTES) return payload;
      void reply.header('content-encoding', 'gzip').removeHeader('content-length');
      return gzipAsync(payload, { level: constants.Z_BEST_SPEED + 2 });
    }
    if (payload instanceof Readable && Number(reply.getHeader('content-length') ?? WORTH_IT_BYTES) >= WORTH_IT_BYTES) {
      void reply.header('content-encoding', 'gzip').removeHeader('content-length');
      const zipped = createGzip({ level: 6 });
      payload.on('error', (error) => zipped.destroy(error));
      return payload.pipe(zipped);
    }
    return payload;
  });
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0+)?\s*(?:,|$))|,|$)/i.test(String(header ?? ''));
}
