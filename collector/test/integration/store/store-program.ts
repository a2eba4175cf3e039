import path from 'node:path';
import { runStore } from '../../../src/store/tail/run-store.js';

/** The store as a process of its own over the folder given; ends on SIGTERM. */
const dataDirectory = process.argv[2] as string;
const running = await runStore(
  {
    dataDirectory,
    logDirectory: path.join(dataDirectory, 'log'),
    // Short slices, so that a test crosses many.
    sliceMs: 2000,
    memoryBytes: 512e6,
    threads: 2,
    retentionMs: 0,
    retentionBytes: 0,
  },
  { definitions: () => [], info: console.error, warn: console.error },
);
process.once('SIGTERM', () => void running.stop());
console.log('running');
