import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AttachedSlices } from './attached-slices.js';
import { rowsOf } from './database.js';
import { RunningQuestions } from './running-questions.js';

const MOST = 2;
const FILES = ['s1', 's2', 's3', 's4', 's5'];

let directory: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let questions: RunningQuestions;
let attached: AttachedSlices;
const busy = new Set<string>();

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-attached-'));
  instance = await DuckDBInstance.create();
  connection = await instance.connect();
  questions = new RunningQuestions();
  busy.clear();
  attached = new AttachedSlices({
    connection,
    questions,
    layout: "STORAGE_VERSION 'latest'",
    most: MOST,
    mayLeave: (catalog) => !busy.has(catalog),
    warn: () => undefined,
  });
});
afterEach(async () => {
  await attached.close();
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true, force: true });
});

const attach = (catalog: string) => attached.attach({ catalog, path: path.join(directory, `${catalog}.duckdb`) });

async function databases(): Promise<string[]> {
  const rows = await rowsOf(
    connection,
    "SELECT database_name AS name FROM duckdb_databases() WHERE path LIKE '%orrery%'",
  );
  return rows.map(({ name }) => name as string).sort();
}

/** A question that reads a file until it is told to end. */
function question(catalogs: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const answer = questions.run(async () => {
    for (const catalog of catalogs) await attach(catalog);
    await ended;
    // Each is still there, whatever was asked meanwhile.
    for (const catalog of catalogs) await connection.run(`CREATE OR REPLACE TABLE ${catalog}.asked (n INTEGER)`);
  });
  return { answer, end: () => end() };
}

it('keeps those that were used last, and detaches the others', async () => {
  for (const catalog of FILES) await attach(catalog);
  await vi.waitFor(async () => expect(await databases()).toEqual(['s4', 's5']));
  await attach('s1');
  await vi.waitFor(async () => expect(await databases()).toEqual(['s1', 's5']));
});

it('leaves every file to the questions that run, also to those that came while it was to leave', async () => {
  const all = question(FILES);
  await vi.waitFor(() => expect(attached.catalogs()).toHaveLength(FILES.length));
  // It comes while all but two are to leave.
  const another = question(['s1']);
  await vi.waitFor(() => expect(attached.catalogs().at(-1)).toBe('s1'));
  all.end();
  await all.answer;
  another.end();
  await another.answer;
  await vi.waitFor(async () => expect(await databases()).toHaveLength(MOST));
  expect(await databases()).toContain('s1');
});

it('attaches again what is just being detached', async () => {
  for (const catalog of FILES) await attach(catalog);
  for (let round = 0; round < 20; round++) {
    await questions.run(async () => {
      const catalog = FILES[round % FILES.length] as string;
      await attach(catalog);
      await connection.run(`CREATE OR REPLACE TABLE ${catalog}.asked (n INTEGER)`);
    });
  }
  await vi.waitFor(async () => expect(await databases()).toHaveLength(MOST));
});

it('keeps what others than questions use', async () => {
  for (const catalog of FILES) busy.add(catalog);
  for (const catalog of FILES) await attach(catalog);
  await questions.run(async () => undefined);
  expect(await databases()).toEqual(FILES);
  busy.clear();
  await attach('s6');
  await vi.waitFor(async () => expect(await databases()).toEqual(['s5', 's6']));
});
