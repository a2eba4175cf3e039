import path from 'node:path';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { openDuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';

/** Seals what is over in the data directory given, and kills itself with SIGKILL right after a step, the nth time. */
const [dataDirectory, step, times] = process.argv.slice(2) as [string, string, string];
let left = Number(times);
const store = await openDuckdbStore({
  dataDirectory,
  deadLetters: await DeadLetters.open(path.join(dataDirectory, 'quarantine')),
  definitions: () => [],
  steps: (taken) => {
    if (taken === step && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
await store.retain(Date.now());
await store.close();
console.log('sealed');
