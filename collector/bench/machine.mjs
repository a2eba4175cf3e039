import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** One line about everything that figures depend on and that is not in the program. */
export function machine() {
  const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const model = cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor';
  return [
    `Orrery ${packageJson.version}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    `DuckDB ${duckdbVersion()}`,
    `${availableParallelism()} cores of ${model} (${arch()})`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `${type()} ${release()}`,
    `load ${loadavg()[0].toFixed(1)} at the beginning`,
  ].join(' · ');
}

function duckdbVersion() {
  const duckdb = createRequire(new URL('../package.json', import.meta.url))('@duckdb/node-bindings');
  return duckdb.library_version().replace(/^v/, '');
}
