import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export type Intake = 'traces' | 'logs' | 'metrics' | 'bulk';
export type Format = 'protobuf' | 'json' | 'ndjson';

/** A body that a real sender sent. */
export interface CorpusBody {
  name: string;
  intake: Intake;
  format: Format;
  gzip: boolean;
  /** Decompressed. */
  plain: Buffer;
}

const FORMATS: Readonly<Record<string, Format>> = { pb: 'protobuf', otlpjson: 'json', ndjson: 'ndjson' };
const folder = fileURLToPath(new URL('corpus/', import.meta.url));

/** Recorded by `record-corpus.ts`; names are `<intake>-<sender>-….<format>[.gz]`, in the order of the alphabet. */
export function readCorpus(): CorpusBody[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => {
      const [, intake, extension, gzip] = /^(\w+)-[^.]*\.(\w+)(\.gz)?$/.exec(name)!;
      const bytes = readFileSync(folder + name);
      return {
        name,
        intake: intake as Intake,
        format: FORMATS[extension!]!,
        gzip: gzip !== undefined,
        plain: gzip === undefined ? bytes : gunzipSync(bytes),
      };
    });
}
