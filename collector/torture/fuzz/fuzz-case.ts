import { deflateSync, gzipSync } from 'node:zlib';
import type { CorpusBody, Format, Intake } from './corpus.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateJson } from './mutate-json.js';
import { mutateProtobuf } from './mutate-protobuf.js';
import { Random } from './random.js';

/** One request to an intake. */
export interface FuzzCase {
  /** Where it came from, for people. */
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

const PATHS: Readonly<Record<Intake, string>> = {
  traces: '/v1/traces',
  logs: '/v1/logs',
  metrics: '/v1/metrics',
  bulk: '/_bulk',
};
const TYPES: Readonly<Record<Format, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};
const ODD_TYPES = [
  '',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'application/x-protobuf;messageType=x',
  'text/plain',
  'multipart/form-data',
  ';',
  'application/json, application/x-protobuf',
];
const ODD_ENCODINGS = [
  'gzip',
  'deflate',
  'br',
  'zstd',
  'gzip, gzip',
  'identity',
  'x-gzip',
  'GZIP',
  '*',
  'chunked',
  ' ',
];

/** Case `index` of a seed: always the same. */
export function fuzzCase(corpus: readonly CorpusBody[], seed: number, index: number): FuzzCase {
  const random = new Random(seed, index);
  const source = random.pick(corpus);
  const others = corpus.map(({ plain }) => plain);
  let body = source.plain;
  // Some stay whole: what is valid must stay so whatever stood before it.
  for (let changes = random.pick([0, 1, 1, 1, 2, 3, 6]); changes > 0; changes--) {
    body = mutated(body, source.format, random, others);
  }
  const intake = random.chance(0.02) ? random.pick(Object.keys(PATHS) as Intake[]) : source.intake;
  const headers: Record<string, string> = { 'content-type': TYPES[source.format] };
  if (random.chance(0.03)) headers['content-type'] = random.pick([...ODD_TYPES, ...Object.values(TYPES)]);
  if (source.gzip ? random.chance(0.9) : random.chance(0.05)) {
    const deflate = random.chance(0.1);
    // The fastest level: it is the intake that is tried here.
    body = deflate ? deflateSync(body, { level: 1 }) : gzipSync(body, { level: 1 });
    headers['content-encoding'] = deflate ? 'deflate' : 'gzip';
    if (random.chance(0.2)) body = mutateBytes(body, random, others);
  }
  if (random.chance(0.02)) headers['content-encoding'] = random.pick(ODD_ENCODINGS);
  return { origin: `seed ${seed}, case ${index}, of ${source.name}`, path: PATHS[intake], headers, body };
}

function mutated(body: Buffer, format: Format, random: Random, others: readonly Buffer[]): Buffer {
  if (random.chance(0.3)) return mutateBytes(body, random, others);
  if (format === 'protobuf') return mutateProtobuf(body, random);
  return format === 'json' ? mutateJson(body, random) : mutateLines(body, random);
}

/** NDJSON: lines are left out, swapped, repeated, broken; or one of them changes as JSON does. */
function mutateLines(body: Buffer, random: Random): Buffer {
  const lines = body.toString('latin1').split('\n');
  const at = random.int(lines.length);
  const line = lines[at]!;
  switch (random.int(7)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, line);
      break;
    case 2:
      lines.splice(
        at,
        0,
        random.pick(['', '\r', '{"delete":{"_id":"1"}}', '{"update":{}}', '{"index":5}', '{}', '[]']),
      );
      break;
    case 3:
      lines[at] = `${line}\r`;
      break;
    case 4:
      lines.reverse();
      break;
    default:
      lines[at] = mutateJson(Buffer.from(line, 'latin1'), random).toString('latin1');
  }
  return Buffer.from(lines.join('\n'), 'latin1');
}
