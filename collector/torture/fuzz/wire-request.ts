import type { FuzzCase } from './fuzz-case.js';
import { Random } from './random.js';

/** A request as bytes on the wire, and whether its framing is what HTTP demands. */
export interface WireRequest {
  bytes: Buffer;
  /** False when the frame lies: then the answer may be HTTP's own, and closing without one is fine, too. */
  honest: boolean;
}

/** Writes a case as HTTP/1.1; some of them with lies about lengths, chunks and headers. */
export function wireRequest(given: FuzzCase, seed: number, index: number): WireRequest {
  const random = new Random(seed, index ^ 0x5bd1_e995);
  const { path, headers, body } = given;
  if (random.chance(0.8))
    return { bytes: framed(path, { ...headers, 'content-length': String(body.length) }, body), honest: true };
  if (random.chance(0.4))
    return { bytes: framed(path, { ...headers, 'transfer-encoding': 'chunked' }, chunked(body, random)), honest: true };
  return { bytes: lying(given, random), honest: false };
}

function lying({ path, headers, body }: FuzzCase, random: Random): Buffer {
  const length = String(body.length);
  switch (random.int(9)) {
    case 0:
      return framed(path, { ...headers, 'content-length': String(body.length + 1 + random.int(1000)) }, body);
    case 1:
      return framed(path, { ...headers, 'content-length': String(Math.floor(body.length / 2)) }, body);
    case 2:
      return framed(
        path,
        { ...headers, 'content-length': random.pick(['-1', '1e3', '99999999999999999999', 'x']) },
        body,
      );
    case 3: {
      const chunks = chunked(body, random);
      return framed(path, { ...headers, 'transfer-encoding': 'chunked' }, broken(chunks, random));
    }
    case 4:
      return framed(path, { ...headers, 'content-length': length, 'transfer-encoding': 'chunked' }, body);
    case 5:
      return framed(
        path,
        { ...headers, 'content-length': length, 'x-long': 'h'.repeat(random.pick([8000, 20_000])) },
        body,
      );
    case 6:
      return framed(path, { ...headers, 'content-length': length, 'x-ctl': 'a\x01b\x7f' }, body);
    case 7:
      return framed(
        random.pick(['/v1/traces/../logs', '/%', '//', `/${'p'.repeat(9000)}`, '/v1/traces?%00', '*']),
        { ...headers, 'content-length': length },
        body,
      );
    default:
      return framed(path, { ...headers, 'content-length': length, expect: '100-continue' }, body);
  }
}

function framed(path: string, headers: Record<string, string>, body: Buffer): Buffer {
  const lines = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function chunked(body: Buffer, random: Random): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + random.int(random.pick([16, 512, 65_536])));
    chunks.push(Buffer.from(`${size.toString(16)}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
    if (chunks.length > 3000) {
      chunks.push(Buffer.from(`${(body.length - at).toString(16)}\r\n`), body.subarray(at), Buffer.from('\r\n'));
      break;
    }
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

function broken(chunks: Buffer, random: Random): Buffer {
  const changed = Buffer.from(chunks);
  changed[random.int(Math.min(changed.length, 8))] = random.int(256);
  return changed.subarray(0, changed.length - random.int(8));
}
