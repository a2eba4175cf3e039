import { type Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { gzipSync } from 'node:zlib';
import type { Destination } from './mailbox.js';
import { retryAfterMs } from './retry-delay.js';

/** What became of one request. OTLP 1.x "Failures": 429, 502, 503, 504 and a broken connection may be sent again. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs: number | undefined }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It cannot even be tried: a header or a certificate is none. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Compressed, nearly every request is one piece of this size. */
const CHUNK_BYTES = 131_072;
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Sends one OTLP/HTTP protobuf request. Resolves always; `body` is free to be written over then. */
export function post(
  connections: Agent | HttpsAgent,
  destination: Destination,
  body: Buffer,
  timeoutMs: number,
): Promise<Outcome> {
  const compressed = destination.compression === 'gzip';
  // A server may answer before it has read everything: what is not compressed is copied, for it is sent to its end.
  const payload = compressed ? gzipSync(body, { level: 1, memLevel: 9, chunkSize: CHUNK_BYTES }) : Buffer.from(body);
  const url = new URL(destination.url);
  const secure = url.protocol === 'https:';
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      resolve({ kind: 'retry', reason: error.code ?? error.message, afterMs: undefined });
    const options = {
      method: 'POST',
      agent: connections,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...destination.headers,
        'content-type': 'application/x-protobuf',
        'content-length': payload.length,
        ...(compressed ? { 'content-encoding': 'gzip' } : {}),
      },
    };
    let request: ClientRequest;
    try {
      request = (secure ? httpsRequest : httpRequest)(url, options);
    } catch (error) {
      resolve({ kind: 'unusable', reason: error instanceof Error ? error.message : String(error) });
      return;
    }
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after'])));
      response.on('error', failed);
    });
    request.on('error', failed);
    request.end(payload);
  });
}

function outcomeOf(status: number, retryAfter: string | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const reason = `status ${status}`;
  if (RETRYABLE.has(status)) return { kind: 'retry', reason, afterMs: retryAfterMs(retryAfter, Date.now()) };
  return { kind: 'refused', reason };
}
