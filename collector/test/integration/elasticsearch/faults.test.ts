import { expect, it } from 'vitest';
import { runFaults } from '../../../torture/elasticsearch/run-faults.js';
import { builtProgram } from '../../../torture/kills/kills.js';

const common = { program: builtProgram, senders: 4, pauseMs: 40, outageMs: 0, say: console.log };

it('whatever happens between store and Elasticsearch, everything acknowledged is there exactly once', async () => {
  const { faults, acknowledged, table } = await runFaults({
    ...common,
    seed: 2026,
    faults: ['swallowed answer', '429', 'documents 429', 'store killed', 'cut answer', '503', 'slow'],
  });
  expect(faults, table).toEqual([]);
  expect(acknowledged).toBeGreaterThan(100);
}, 400_000);
