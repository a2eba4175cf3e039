import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzCase } from './fuzz-case.js';

const folder = fileURLToPath(new URL('../../test/fixtures/fuzz-regressions/', import.meta.url));

/** A case that once did harm, as it is kept. */
interface KeptCase {
  fault: string;
  origin: string;
  path: string;
  headers: Record<string, string>;
  /** Hex. */
  body: string;
}

/** Keeps a case for `npm test`. Returns the file's name. */
export function keepRegression(given: FuzzCase, fault: string): string {
  const { origin, path, headers, body } = given;
  const name = `${createHash('sha256').update(path).update(body).digest('hex').slice(0, 12)}.json`;
  const kept: KeptCase = { fault: fault.split('\n', 1)[0]!, origin, path, headers, body: body.toString('hex') };
  writeFileSync(folder + name, `${JSON.stringify(kept, null, 2)}\n`);
  return name;
}

export function readRegressions(): (FuzzCase & { fault: string })[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => {
      const kept = JSON.parse(readFileSync(folder + name, 'utf8')) as KeptCase;
      return { ...kept, body: Buffer.from(kept.body, 'hex') };
    });
}
