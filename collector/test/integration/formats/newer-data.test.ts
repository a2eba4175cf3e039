import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unpack } from '../../fixtures/formats/packed-folder.js';
import { freePort, spawnOrrery } from '../program/orrery-process.js';

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'orrery-newer-'));
  unpack(path.join(import.meta.dirname, '../../fixtures/formats/1/data'), data);
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const slices = () => readdirSync(path.join(data, 'slices')).filter((name) => name.endsWith('.duckdb'));

async function newerSlice(name: string): Promise<string> {
  const file = path.join(data, 'slices', name);
  const instance = await DuckDBInstance.create(file, { checkpoint_threshold: '1GB' });
  const connection = await instance.connect();
  await connection.run("UPDATE meta SET value = '999' WHERE key = 'schema_version'");
  connection.closeSync();
  instance.closeSync();
  return file;
}

function newerLog(): string {
  const name = readdirSync(path.join(data, 'log')).find((file) => file.endsWith('.segment')) as string;
  const file = path.join(data, 'log', name);
  const bytes = readFileSync(file);
  bytes[7] = 99;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  writeFileSync(file, bytes);
  // An older one that was torn stands before it, and would be cut.
  writeFileSync(path.join(data, 'log', '0000000000000000.segment'), bytes.subarray(0, 10));
  return file;
}

function newerControl(): string {
  const file = path.join(data, 'control.sqlite');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 999');
  database.close();
  return file;
}

/** What every file of a part of the kept data is, by its path; sockets, locks and empty files are not of it. */
function contents(part: string): Record<string, string> {
  const files = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('lock.'))
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => path.relative(data, file).startsWith(part) && !file.endsWith('-shm') && statSync(file).size > 0);
  return Object.fromEntries(files.map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]));
}

// A process alone touches nothing; of the whole program, the other processes go on with what they can read.
it.each([
  ['the newest slice', [], 'slices', () => newerSlice(slices().toSorted().at(-1) as string)],
  ['the oldest slice', ['store'], '', () => newerSlice(slices().toSorted()[0] as string)],
  ['the log', [], '', newerLog],
  ['the control store', ['api'], '', newerControl],
] as const)(
  'refuses data of a newer version with a sentence, and leaves it as it is: %s',
  async (_, role, part, make) => {
    const file = await make();
    const before = contents(part);
    const ports = [`--ui-port=${await freePort()}`, `--otlp-port=${await freePort()}`];
    const orrery = spawnOrrery([...role, `--data-dir=${data}`, ...ports]);
    await once(orrery.child, 'close');
    expect(orrery.child.exitCode).toBe(1);
    const last = orrery.output().trim().split('\n').at(-1);
    expect(last).toContain(`${file} was written by a newer version of Orrery (format 9`);
    expect(last).toMatch(/this one reads up to \d+\): start that version, or choose another folder with --data-dir\.$/);
    // A process leaves its own name behind; what was there is as it was.
    expect(contents(part)).toMatchObject(before);
  },
);
