import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../fuzz/random.js';

/** What one file may look like after the power went, given how much of it was synced. */
type Cut = (file: string, syncedBytes: number, random: Random) => void;

const lost: Cut = (file, syncedBytes) => truncateSync(file, syncedBytes);
const torn: Cut = (file, syncedBytes, random) => {
  truncateSync(file, syncedBytes + random.int(statSync(file).size - syncedBytes + 1));
};
/** The size was written, the blocks were not. */
const empty: Cut = (file, syncedBytes) => {
  const { size } = statSync(file);
  truncateSync(file, syncedBytes);
  truncateSync(file, size);
};
const garbled: Cut = (file, syncedBytes) => {
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.concat([bytes.subarray(0, syncedBytes), randomBytes(bytes.length - syncedBytes)]));
};

const CUTS = [lost, torn, empty, garbled];
/** Files that are never synced: any older state of them may come back, or nothing sensible. */
const UNSYNCED = ['log/durable', 'log/released', 'storing.json'];

/**
 * What a power cut does to a data directory whose processes are dead: of every file only what was synced is sure to be
 * there. `synced` holds lines `<size> <path>`, the last one of a file counts.
 */
export async function cutPower(
  { dataDir, synced }: { dataDir: string; synced: string },
  random: Random,
): Promise<void> {
  const sure = new Map<string, number>();
  for (const line of readFileSync(synced, 'utf8').trimEnd().split('\n')) {
    const space = line.indexOf(' ');
    sure.set(line.slice(space + 1), Number(line.slice(0, space)));
  }
  for (const [folder, ending] of [
    ['log', '.segment'],
    ['slices', '.wal'],
  ] as const) {
    if (!existsSync(path.join(dataDir, folder))) continue;
    for (const name of readdirSync(path.join(dataDir, folder)).filter((each) => each.endsWith(ending))) {
      const file = path.join(dataDir, folder, name);
      const bytes = Math.min(sure.get(file) ?? 0, statSync(file).size);
      if (bytes < statSync(file).size) random.pick(CUTS)(file, bytes, random);
    }
  }
  for (const name of UNSYNCED) {
    const file = path.join(dataDir, name);
    if (!existsSync(file)) continue;
    const how = random.int(4);
    if (how === 1) rmSync(file);
    if (how === 2) writeFileSync(file, '');
    if (how === 3) writeFileSync(file, randomBytes(statSync(file).size));
  }
}
