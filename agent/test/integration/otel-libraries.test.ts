import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OTEL_LIBRARIES } from '../../src/instrument/otel/libraries.js';

const PROGRAMS = fileURLToPath(new URL('../../dist/otel/', import.meta.url));
const load = createRequire(import.meta.url);

const requireBefore = load('node:module').Module.prototype.require as unknown;

interface Definition {
  readonly name: string;
}

describe('the table of libraries behind OpenTelemetry instrumentations', () => {
  it.each(OTEL_LIBRARIES)('names what the instrumentation of $program declares', ({ program, libraries }) => {
    const { create } = load(`${PROGRAMS}${program}.cjs`) as {
      create: () => { getModuleDefinitions(): readonly Definition[] };
    };
    const declared = new Set(
      create()
        .getModuleDefinitions()
        .map(({ name }) => name),
    );
    expect([...declared].sort()).toEqual([...libraries].sort());
  });

  it('has a row for every program that is built', () => {
    const built = readdirSync(PROGRAMS).filter((file) => file !== 'shared.cjs');
    const rows = [...OTEL_LIBRARIES.map(({ program }) => program), 'bullmq'];
    expect(built.map((file) => file.replace('.cjs', '')).sort()).toEqual(rows.sort());
  });

  it('hooks no module loading of its own', () => {
    expect(load('node:module').Module.prototype.require).toBe(requireBefore);
  });
});
