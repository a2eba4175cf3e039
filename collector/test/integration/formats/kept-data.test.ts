import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, askAll, storedFigures } from '../../fixtures/formats/ask.js';
import { unpack } from '../../fixtures/formats/packed-folder.js';
import { eventually, type OrreryProcess, startOrrery } from '../program/orrery-process.js';
import { newTraceId, orderTrace, send } from '../program/shop-telemetry.js';

const KEPT = path.join(import.meta.dirname, '../../fixtures/formats');
const formats = readdirSync(KEPT).filter((name) => /^\d+$/.test(name));

interface Told {
  figures: Record<string, unknown>;
  answers: Answer[];
}

let folder: string;
let orrery: OrreryProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orrery-kept-'));
});
afterEach(async () => {
  if (orrery && orrery.child.exitCode === null) await orrery.end('SIGKILL');
  orrery = null;
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const start = () => startOrrery(path.join(folder, 'data'), { args: [`--config=${path.join(folder, 'orrery.yaml')}`] });
const stored = (ui: string, figures: Record<string, unknown>) =>
  eventually(async () => {
    const now = await storedFigures(ui);
    expect(now).toMatchObject({ lagBytes: 0, figures });
  });

describe.each(formats)('a data directory of version %s', (version) => {
  it('is opened, answers what it answered, and is written on', async () => {
    unpack(path.join(KEPT, version), folder);
    const told = JSON.parse(readFileSync(path.join(folder, 'answers.json'), 'utf8')) as Told;
    orrery = await start();
    // What waited in its log is stored first.
    await stored(orrery.ui, told.figures);
    expect(comparable(await askAll(orrery.ui))).toMatchObject(comparable(told.answers));

    expect(await send(orrery.otlp, 'traces', orderTrace(newTraceId()))).toBe(200);
    const more = { ...told.figures, spans: (told.figures['spans'] as number) + 2, slices: expect.any(Number) };
    await stored(orrery.ui, more);
    await orrery.end('SIGTERM');

    orrery = await start();
    await stored(orrery.ui, more);
    expect(comparable(await askAll(orrery.ui))).toMatchObject(comparable(told.answers));
  });
});

/** Cursors are opaque, so only what they lead to is promised; what has an id is listed in no promised order. */
function comparable(answers: Answer[]): object[] {
  return JSON.parse(
    JSON.stringify(answers, (key, value: unknown) => {
      if (/cursor|^next$/.test(key)) return undefined;
      return Array.isArray(value) && value.every(hasId) ? value.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : value;
    }),
  ) as object[];
}

function hasId(value: unknown): value is { id: string } {
  return typeof (value as { id?: unknown } | null)?.id === 'string';
}
