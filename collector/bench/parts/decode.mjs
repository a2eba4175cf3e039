import { gunzipSync, gzipSync } from 'node:zlib';
import { createTraceDecoder, decodeTraces } from '../../dist/decode/decode-traces.js';
import { createProcessor } from '../../dist/process/process-body.js';
import { encodeRequest, SPANS_PER_REQUEST } from '../load/requests.mjs';
import { figure, millions } from './figure.mjs';

export const name = 'decode';
export const about = 'one request of 1000 spans at a time, one thread, no I/O';

/** Spans per CPU-second of the stages between socket and log. */
export async function run({ seconds }) {
  const plain = Array.from({ length: 20 }, (_, i) => encodeRequest(i));
  const zipped = plain.map((body) => gzipSync(body));
  const bytes = plain.reduce((sum, body) => sum + body.length, 0) / plain.length / SPANS_PER_REQUEST;
  const zippedBytes = zipped.reduce((sum, body) => sum + body.length, 0) / plain.length / SPANS_PER_REQUEST;
  figure('protobuf / gzip', `${bytes.toFixed(0)} / ${zippedBytes.toFixed(0)}`, 'B a span');

  const processor = createProcessor({
    redact: true,
    redactKeys: [],
    maxAttributeBytes: 32_768,
    maxLogBodyBytes: 262_144,
  });
  const now = BigInt(Date.now()) * 1_000_000n;
  const share = seconds / 4;
  const inflate = rate(share, (i) => gunzipSync(zipped[i % 20], { chunkSize: 1 << 20 }));
  const decode = rate(share, (i) => decodeTraces(plain[i % 20]));
  const decodeAgain = createTraceDecoder();
  const reusing = rate(share, (i) => decodeAgain(plain[i % 20]));
  const both = rate(share, (i) => processor.traces(decodeAgain(plain[i % 20]).columns, now));
  figure('gunzip', millions(inflate), 'spans/cpu-s');
  figure('decode into columns', millions(decode), 'spans/cpu-s');
  figure('decode into columns that are used again', millions(reusing), 'spans/cpu-s');
  figure('that, and look for redaction and absurd times', millions(both), 'spans/cpu-s');
}

function rate(seconds, work) {
  for (let i = 0; i < 200; i++) work(i);
  const before = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  let done = 0;
  while (performance.now() < until) work(done++);
  const { user, system } = process.cpuUsage(before);
  return (done * SPANS_PER_REQUEST) / ((user + system) / 1e6);
}
