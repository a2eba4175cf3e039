import { parseArgs } from 'node:util';
import * as decode from './parts/decode.mjs';
import * as ingest from './parts/ingest.mjs';
import * as pipeline from './parts/pipeline.mjs';
import * as store from './parts/store.mjs';

/** In the order in which they run. A part has a name and prints its own figures. */
const parts = [decode, ingest, store, pipeline];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '8' },
  },
});
const options = { seconds: Number(values.seconds), connections: Number(values.connections) };
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
