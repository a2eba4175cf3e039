import { parseArgs } from 'node:util';
import * as decode from './parts/decode.mjs';
import * as ingest from './parts/ingest.mjs';
import * as pipeline from './parts/pipeline.mjs';
import * as query from './parts/query.mjs';
import * as store from './parts/store.mjs';

/** In the order in which they run. A part has a name and prints its own figures. */
const parts = [decode, ingest, store, pipeline, query];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '8' },
    dir: { type: 'string' },
    spans: { type: 'string', default: '10000000' },
    slices: { type: 'string', default: '72' },
    rounds: { type: 'string', default: '50' },
    unsealed: { type: 'boolean', default: false },
  },
});
const number = (key) => Number(values[key]);
const options = {
  seconds: number('seconds'),
  connections: number('connections'),
  /** Of the part `query`: a folder to use again, what it is filled with, questions of a kind, leave slices as written. */
  dir: values.dir,
  spans: number('spans'),
  slices: number('slices'),
  rounds: number('rounds'),
  unsealed: values.unsealed,
};
const names = parts.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; the parts are ${names.join(', ')}`);
  process.exitCode = 1;
} else {
  for (const part of parts) {
    if (positionals.length > 0 && !positionals.includes(part.name)) continue;
    console.log(`\n${part.name}: ${part.about}`);
    await part.run(options);
  }
}
