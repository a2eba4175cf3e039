import { parseArgs } from 'node:util';
import * as decode from './parts/decode.mjs';
import * as elasticsearch from './parts/elasticsearch.mjs';
import * as ingest from './parts/ingest.mjs';
import * as query from './parts/query.mjs';
import * as small from './parts/small.mjs';
import * as soak from './parts/soak.mjs';
import * as steady from './parts/steady.mjs';
import * as store from './parts/store.mjs';
import * as write from './parts/write.mjs';

/** In the order in which they run. A part has a name and prints its own figures. */
const parts = [decode, ingest, store, write, steady, small, soak, query, elasticsearch];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    connections: { type: 'string', default: '8' },
    dir: { type: 'string' },
    spans: { type: 'string', default: '10000000' },
    slices: { type: 'string', default: '72' },
    rounds: { type: 'string' },
    rate: { type: 'string' },
    unsealed: { type: 'boolean', default: false },
  },
});
const number = (key) => (values[key] === undefined ? undefined : Number(values[key]));
const options = {
  /** What was asked for; where it was not, each part knows what is enough. */
  asked: { seconds: number('seconds'), rounds: number('rounds'), rate: number('rate') },
  seconds: number('seconds') ?? 8,
  connections: number('connections'),
  /** Of the part `query`: a folder to use again, what it is filled with, questions of a kind, leave slices as written. */
  dir: values.dir,
  spans: number('spans'),
  slices: number('slices'),
  rounds: number('rounds') ?? 50,
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
