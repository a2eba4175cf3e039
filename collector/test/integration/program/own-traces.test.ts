import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { API_BASE, TraceList } from '../../../src/api/contract/index.js';
import { eventually, startOrrery } from './orrery-process.js';

it('traces its own questions when asked to, and its own export is not a question', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-own-'));
  writeFileSync(join(folder, 'orrery.yaml'), 'self: { traces: all }\n');
  const orrery = await startOrrery(join(folder, 'data'), { args: ['--config', join(folder, 'orrery.yaml')] });
  try {
    const traces = await eventually(async () => {
      const answer = await fetch(`${orrery.ui}${API_BASE}/traces?q=service:orrery-api`);
      const list = TraceList.parse(await answer.json());
      expect(list.traces.length).toBeGreaterThan(0);
      return list.traces;
    });
    expect(traces.map(({ root_name }) => root_name)).toContain(`GET ${API_BASE}/traces`);
    expect(traces.some(({ root_name }) => root_name.includes('/v1/traces') && root_name.startsWith('POST'))).toBe(
      false,
    );
    // Span of the request, and of the question to the store below it.
    expect(traces[0]?.spans).toBe(2);
  } finally {
    expect(await orrery.end('SIGTERM')).toBe(0);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});
