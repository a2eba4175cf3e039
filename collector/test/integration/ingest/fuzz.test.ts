import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess } from '../../../torture/fuzz/in-process.js';
import { aloneFault } from '../../../torture/fuzz/in-process-run.js';
import { overHttp } from '../../../torture/fuzz/over-http.js';
import { readRegressions } from '../../../torture/fuzz/regressions.js';
import { startOrrery } from '../program/orrery-process.js';

/** The long version is `npm run torture -- fuzz`; another seed by `FUZZ_SEED`. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const SECONDS_EACH = 12;

it('takes or refuses every damaged body, and everything it takes can be stored', async () => {
  const untilMs = Date.now() + SECONDS_EACH * 1000;
  const figures = await inProcess({ seed, count: 20_000, untilMs, processes: 1 });
  expect(figures.cases).toBeGreaterThan(100);
  expect(Object.keys(figures.statuses)).toEqual(expect.arrayContaining(['200', '400']));
});

it('answers damaged requests over real sockets, and keeps the valid ones between them', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-fuzz-'));
  const orrery = await startOrrery(dataDir);
  try {
    const figures = await overHttp(orrery, { seed, count: 20_000, untilMs: Date.now() + SECONDS_EACH * 1000 });
    expect(figures.valid).toBeGreaterThan(0);
    expect(figures.intake['200']).toBeGreaterThan(0);
  } finally {
    await orrery.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }
});

it('stands every body that it once fell over', async () => {
  for (const regression of readRegressions()) {
    expect({ origin: regression.origin, fault: await aloneFault(regression) }).toEqual({
      origin: regression.origin,
      fault: null,
    });
  }
});
