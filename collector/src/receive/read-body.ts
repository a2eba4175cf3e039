import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, inflate, type ZlibOptions } from 'node:zlib';
import type { ByteLease } from './byte-budget.js';
import { Refusal } from './refusal.js';

export interface BodyLimits {
  /** Bytes on the wire. */
  maxBytes: number;
  /** Bytes after decompression: what a bomb runs into while it is inflated. */
  maxInflatedBytes: number;
  /** Bytes of JSON: parsed it takes many times its size. */
  maxJsonBytes: number;
}

/** What came, and what it says. Both are the same bytes when nothing was compressed. */
export interface Body {
  encoding: 'identity' | 'gzip' | 'deflate';
  received: Buffer;
  plain: Buffer;
}

/** Up to here inflating on the spot costs less than handing it to a thread and back. */
const SYNC_BYTES = 1 << 20;

const gunzipAsync = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const inflateAsync = promisify<Buffer, ZlibOptions, Buffer>(inflate);

/**
 * The whole body, decompressed.
 * @throws Refusal 413 beyond a limit, 415 for an encoding we do not speak, 400 for broken compression, 503 when the
 * lease is not granted.
 */
export async function readBody(
  request: IncomingMessage,
  format: 'protobuf' | 'json',
  limits: BodyLimits,
  lease: ByteLease,
): Promise<Body> {
  const encoding = encodingOf(request);
  const maxPlain = format === 'json' ? Math.min(limits.maxJsonBytes, limits.maxInflatedBytes) : limits.maxInflatedBytes;
  const maxReceived = encoding === 'identity' ? Math.min(limits.maxBytes, maxPlain) : limits.maxBytes;
  const received = await collect(request, maxReceived, lease);
  if (encoding === 'identity' || received.length === 0) return { encoding: 'identity', received, plain: received };
  const plain = await decompress(received, encoding, maxPlain);
  lease.take(plain.length);
  return { encoding, received, plain };
}

function encodingOf(request: IncomingMessage): Body['encoding'] {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return 'identity';
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  if (encoding === 'deflate') return 'deflate';
  throw new Refusal(
    'unsupported_encoding',
    415,
    `Content-Encoding "${encoding}" is not supported: send gzip, deflate or none.`,
    {
      headers: { 'Accept-Encoding': 'gzip, deflate' },
    },
  );
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal('body_too_large', 413, `The body is larger than ${maxBytes} bytes: send smaller batches.`);
}

function collect(request: IncomingMessage, maxBytes: number, lease: ByteLease): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    // What still comes is read and forgotten, or a sender that is still writing would never see the answer.
    request.resume();
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let settled = false;
    const fail = (error: unknown) => {
      settled = true;
      chunks.length = 0;
      reject(error as Error);
    };
    request.on('data', (chunk: Buffer) => {
      if (settled) return;
      length += chunk.length;
      if (length > maxBytes) {
        fail(tooLarge(maxBytes));
        return;
      }
      try {
        lease.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error);
      }
    });
    request.on('end', () => {
      if (!settled) resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
      settled = true;
    });
    request.on('error', (cause) => fail(aborted(cause)));
    request.on('close', () => {
      if (!settled) fail(aborted());
    });
  });
}

function aborted(cause?: unknown): Refusal {
  return new Refusal('aborted', 400, 'The request was broken off.', { cause });
}

async function decompress(received: Buffer, encoding: 'gzip' | 'deflate', maxBytes: number): Promise<Buffer> {
  try {
    if (encoding === 'gzip') {
      // A gzip stream ends with the length of what it holds, modulo 2³²: a hint, nothing to rely on.
      const claimed = received.readUInt32LE(Math.max(0, received.length - 4));
      const chunkSize = Math.min(Math.max(claimed + 64, 1024), SYNC_BYTES);
      if (claimed < SYNC_BYTES && received.length <= SYNC_BYTES) {
        const onTheSpot = gunzipWithin(received, chunkSize, Math.min(SYNC_BYTES, maxBytes));
        if (onTheSpot !== null) return onTheSpot;
      }
      return await gunzipAsync(received, { chunkSize, maxOutputLength: maxBytes });
    }
    return await inflateAsync(received, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw tooLarge(maxBytes);
    const message = `The body is not ${encoding}: ${(error as Error).message}.`;
    throw new Refusal('not_decodable', 400, message, { cause: error });
  }
}

/** Null when there is more than `maxBytes` in it, whatever its end claims. */
function gunzipWithin(received: Buffer, chunkSize: number, maxBytes: number): Buffer | null {
  try {
    return gunzipSync(received, { chunkSize, maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) return null;
    throw error;
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}
