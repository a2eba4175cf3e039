import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const SAY = 'process.stdout.write(String(performance.now())); process.exit(0)';
const MODULES = 100;

/**
 * Programs whose start is measured: one that loads nothing, one that loads a library of OpenTelemetry's instrumentations, and
 * a hundred ES modules, beside a library (its package.json alone) for which the agent looks into ES modules.
 */
export function startPrograms() {
  return {
    nothing: ['--eval', SAY],
    pg: ['--eval', `require(${JSON.stringify(require.resolve('pg'))}); ${SAY}`],
    'ES modules': [esProgram([])],
    'ES modules, hono installed': [esProgram(['hono'])],
  };
}

function esProgram(installed) {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
  for (const name of installed) {
    const directory = join(folder, 'node_modules', name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, 'package.json'),
      JSON.stringify({ name, version: '4.13.19', type: 'module', main: 'index.js' }),
    );
    writeFileSync(join(directory, 'index.js'), 'export class Hono {}\n');
  }
  for (let number = 0; number < MODULES; number++)
    writeFileSync(join(folder, `part-${number}.mjs`), 'export const part = 1;\n');
  const imports = Array.from({ length: MODULES }, (_, number) => `import './part-${number}.mjs';`);
  const program = join(folder, 'program.mjs');
  writeFileSync(program, [...installed.map((name) => `import '${name}';`), ...imports, SAY].join('\n'));
  return program;
}
