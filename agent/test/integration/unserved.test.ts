import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bothKinds } from '../sink/fixture-kinds.js';

const AGENT = fileURLToPath(new URL('../..', import.meta.url));

it('observes the libraries whose servers cannot be had, in both kinds of module, without a word', async () => {
  for (const file of await bothKinds('otel/unserved.mjs')) {
    const { stdout, stderr } = spawnSync(process.execPath, ['--require', './dist/register.cjs', file], {
      cwd: AGENT,
      encoding: 'utf8',
      env: { ...process.env, OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      mongodb: expect.arrayContaining(['command']),
      mongoose: expect.arrayContaining(['exec']),
      'cassandra-driver': expect.arrayContaining(['_execute']),
    });
  }
});
