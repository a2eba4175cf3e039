import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askApi } from '../../../src/admin/ask-api.js';
import {
  dropAllDeadLetters,
  dropDeadLetter,
  listDeadLetters,
  replayAllDeadLetters,
  replayDeadLetter,
  showDeadLetter,
} from '../../../src/admin/dead-letter-commands.js';
import {
  API_BASE,
  DeadLetterDetail,
  DeadLetterList,
  type ServiceList,
  type SystemStatus,
  Trace,
  type TraceList,
} from '../../../src/api/contract/index.js';
import { FileLogWriter } from '../../../src/log/file-log-writer.js';
import { BodyEncoding, type LogPosition, Signal } from '../../../src/log/log-record.js';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { encodeTraces } from '../../fixtures/otlp-encoder.js';
import { eventually, type OrreryProcess, spawnOrrery, startOrrery } from './orrery-process.js';

const NOW_NANO = BigInt(Date.now()) * 1_000_000n;
const traceId = (number: number): string => number.toString(16).padStart(32, 'b');
const STORABLE = 20;

let folder: string;
let orrery: OrreryProcess;

/** Requests that can not be read, as the log has them; and some that were set aside although they can be. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'orrery-letters-'));
  const log = await FileLogWriter.open({
    directory: path.join(folder, 'log'),
    maxBytes: 1e9,
    segmentBytes: 1e6,
    minFreeBytes: 0,
    dedupeMs: 60_000,
    warn: console.error,
  });
  const cut = spans(99).subarray(0, -7);
  for (const body of [Buffer.from('this is no protobuf'), cut]) {
    await log.append({
      signal: Signal.traces,
      encoding: BodyEncoding.identity,
      receivedNano: NOW_NANO,
      tenant: '',
      body,
    });
  }
  await log.close();
  const letters = await DeadLetters.open(path.join(folder, 'quarantine'));
  for (let n = 1; n <= STORABLE; n++) {
    const position = (1_000_000 + n) as LogPosition;
    const record = { position, next: (position + 1) as LogPosition, tenant: '', body: spans(n) };
    await letters.add(
      { ...record, signal: Signal.traces, encoding: BodyEncoding.identity, receivedNano: NOW_NANO },
      'of a fault that is mended by now',
    );
  }
  orrery = await startOrrery(folder);
});
afterAll(async () => {
  await orrery?.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function spans(number: number): Uint8Array {
  const ids = { traceId: traceId(number), spanId: number.toString(16).padStart(16, 'a') };
  return encodeTraces({ 'service.name': 'museum' }, [
    { ...ids, name: 'GET /tour', kind: 2, startNano: NOW_NANO, endNano: NOW_NANO + 5_000_000n },
  ]);
}

async function get<Answer>(route: string): Promise<Answer> {
  const answer = await fetch(`${orrery.ui}${API_BASE}${route}`);
  if (answer.status !== 200) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** The program as a person calls it, beside the running one. */
async function command(...args: string[]): Promise<{ code: number | null; printed: string }> {
  const port = new URL(orrery.ui).port;
  const run = spawnOrrery(['dead-letters', ...args, `--ui-port=${port}`]);
  await new Promise((resolve) => run.child.once('close', resolve));
  return { code: run.child.exitCode, printed: run.output() };
}

const listed = async () => DeadLetterList.parse(await get(`/dead-letters?limit=500`));
/** What the services say of the letters: rows and figures are stored by the same commit. */
async function visits(): Promise<{ requests: number; spans: number }> {
  const { services } = await get<ServiceList>('/services?from=now-1h');
  const traces = await get<TraceList>('/traces?from=now-1h&limit=500&q=service:museum');
  return {
    requests: services.find(({ service }) => service === 'museum')?.requests ?? 0,
    spans: traces.traces.reduce((sum, { spans: count }) => sum + count, 0),
  };
}

it('lists what could not be stored, newest first, page by page, counted by reason', async () => {
  const list = await eventually(async () => {
    const found = await listed();
    expect(found.total).toBe(STORABLE + 2);
    return found;
  });
  expect(list.groups[0]).toEqual({ group: 'of a fault that is mended by now', count: STORABLE });
  expect(list.groups).toHaveLength(3);
  expect((await get<SystemStatus>('/status')).storage.dead_letters).toBe(STORABLE + 2);

  const paged = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = DeadLetterList.parse(
      await get(`/dead-letters?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
    );
    paged.push(...page.letters.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(paged).toEqual(list.letters.map(({ id }) => id));
});

it('shows what a letter holds, as far as it can be read, and where reading stops', async () => {
  const { letters } = await listed();
  const whole = DeadLetterDetail.parse(await get(`/dead-letters/${letters[0]?.id}`));
  expect(whole.fault).toBeNull();
  expect(JSON.parse(whole.content.text)).toMatchObject({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: traceId(STORABLE), name: 'GET /tour', kind: 2 }] }] }],
  });
  const broken = letters.filter(({ reason }) => !reason.startsWith('of a fault'));
  const details = await Promise.all(
    broken.map(async ({ id }) => DeadLetterDetail.parse(await get(`/dead-letters/${id}`))),
  );
  expect(details.map(({ content }) => content.format).toSorted()).toEqual(['hex', 'otlp']);
  for (const { fault, content } of details) {
    expect(fault?.hex).toMatch(/^[0-9a-f]{8} {2}/);
    if (content.format === 'hex') expect(content.text).toContain('this is no proto');
  }
});

it('is a command, too: for people and for programs, with an exit code', async () => {
  const list = await command('list', '--json', '--limit=3');
  expect(list.code).toBe(0);
  const ids = list.printed
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids).toHaveLength(3);
  const asked = { ask: askApi(orrery.ui), json: false };
  expect((await showDeadLetter(asked, ids[0] as string)).lines.join('\n')).toContain('GET /tour');
  expect(await dropDeadLetter(asked, ids[0] as string)).toEqual({ exitCode: 0, lines: [`Dropped ${ids[0]}.`] });
  expect(await command('show', ids[0] as string)).toEqual({
    code: 1,
    printed: `There is no dead letter ${ids[0]}: it was replayed or dropped.\n`,
  });
  expect(await replayDeadLetter(asked, ids[1] as string)).toMatchObject({ exitCode: 0 });
  const trace = Trace.parse(await get(`/traces/${traceId(STORABLE - 1)}`));
  expect(trace.summary.spans).toBe(1);
});

it('stores every letter once, although the store process is killed again and again while they are replayed', async () => {
  const { letters } = await listed();
  const storable = letters.filter(({ reason }) => reason.startsWith('of a fault'));
  expect(storable).toHaveLength(STORABLE - 2);
  for (const [n, { id }] of storable.entries()) {
    // Asked and, most of the time, killed at another moment of it; asked again until the letter is gone.
    for (let tries = 0; ; tries++) {
      const asked = fetch(`${orrery.ui}${API_BASE}/dead-letters/${id}/replay`, { method: 'POST' }).catch(() => null);
      const store = orrery.roles()['store'];
      if (n < 2 && tries === 0 && store) {
        await new Promise((resolve) => setTimeout(resolve, n * 5));
        process.kill(store, 'SIGKILL');
      }
      const status = (await asked)?.status;
      if (status === 200 || status === 404) break;
      await eventually(async () => expect((await fetch(`${orrery.ui}/readyz`)).status).toBe(200));
    }
  }
  expect(await visits()).toEqual({ requests: STORABLE - 1, spans: STORABLE - 1 });
  expect((await listed()).total).toBe(2);
  // What can not be read stays, and says so.
  const desk = { ask: askApi(orrery.ui), json: false };
  const lines = ['Stored 0; 2 still can not be stored.'];
  expect(await replayAllDeadLetters(desk, '')).toEqual({ exitCode: 1, lines });
  expect(await dropAllDeadLetters(desk, '')).toEqual({ exitCode: 0, lines: ['Dropped 2.'] });
  expect((await listDeadLetters(desk, { group: '', limit: 9 })).lines).toEqual(['There are no dead letters.']);
}, 180_000);
