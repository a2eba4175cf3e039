import { machine } from './machine.mjs';
import { helpText, readOptions, UsageError } from './options.mjs';
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
const parts = [
  { ...decode, takes: '10 s' },
  { ...ingest, takes: '15 s' },
  { ...store, takes: '30 s' },
  { ...write, takes: '3 minutes' },
  { ...steady, takes: '7 minutes; with --seconds 600 one round of spans' },
  { ...small, takes: '5 minutes' },
  { ...soak, takes: '7 minutes' },
  { ...query, takes: '10 minutes' },
  { ...elasticsearch, takes: '5 minutes' },
];

try {
  const { values, chosen } = readOptions(
    process.argv.slice(2),
    parts.map(({ name }) => name),
  );
  if (values.help) console.log(helpText(parts));
  else await runParts(values, chosen);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function runParts(values, chosen) {
  const options = {
    /** What was asked for; where it was not, each part knows what is enough. */
    asked: values,
    seconds: values.seconds ?? 8,
    connections: values.connections ?? 8,
    /** Of the part `query`. */
    dir: values.dir,
    spans: values.spans ?? 10_000_000,
    slices: values.slices ?? 72,
    rounds: values.rounds ?? 50,
    unsealed: values.unsealed ?? false,
  };
  console.log(machine());
  for (const part of parts) {
    if (chosen.length > 0 && !chosen.includes(part.name)) continue;
    console.log(`\n${part.name}: ${part.about}`);
    await part.run(options);
  }
}
