import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { provideServers, startPostgresql } from '../../deploy/bootstrap/servers.mjs';
import { memory } from './memory.mjs';
import { HELP, readOptions } from './options.mjs';
import { packageSize } from './package-size.mjs';
import { machine, Results, writeTable } from './report.mjs';
import { idle, startOf, underLoad } from './run-once.mjs';
import { startPrograms } from './start-programs.mjs';
import { variantsOf } from './variants.mjs';

/**
 * What the agent costs, beside no agent, its own with the OpenTelemetry SDK as engine, OpenTelemetry's
 * auto-instrumentations-node, dd-trace and elastic-apm-node (the last two send to a stand-in that takes and counts what
 * comes). Interleaved: every round measures all of them, one after the other. Everything is recorded, defaults everywhere.
 */
const IDLE_SECONDS = 3;

const options = readOptions(process.argv.slice(2));
if (options.help) console.log(HELP);
else if (options.memory) await memory(options.seconds);
else await compare();

async function compare() {
  const collector = fork(fileURLToPath(new URL('collector.mjs', import.meta.url)));
  const [{ port }] = await once(collector, 'message');
  const variants = await variantsOf(options.variants, `http://127.0.0.1:${port}`);
  const database = options.figures.includes('pg') ? await postgresql() : undefined;
  const env = { ...process.env, ORRERY_STARTUP_LINE: 'false', DATABASE_URL: database?.url ?? '' };
  const heading = `${machine()}; ${options.rounds} rounds of ${options.requests} requests, medians.`;
  console.log(`${heading}\nThe agent's package: ${packageSize()}`);
  for (const { name, version } of variants) if (version !== '') console.log(`  ${name}: ${version}`);

  const results = new Results();
  const count = counterOf(collector);
  for (let round = 1; round <= options.rounds; round++) {
    for (const figure of options.figures) {
      for (const variant of variants) await measure(figure, variant, { results, env, count, database });
    }
    console.log(`round ${round} of ${options.rounds} is over`);
  }
  collector.disconnect();
  await database?.stop();
  results.print(variants);
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  if (options.write) writeTable(results, variants, readme, heading);
}

async function measure(figure, variant, { results, env, count, database }) {
  if (figure === 'start') {
    for (const [what, program] of Object.entries(startPrograms())) {
      const { main, wall } = startOf(variant, program, env);
      results.note(`start, ${what}`, 'main thread, ms', variant.name, main);
      results.note(`start, ${what}`, 'wall, ms', variant.name, wall);
    }
  } else if (figure === 'idle') {
    results.note(`idle for ${IDLE_SECONDS} s`, 'CPU, ms', variant.name, await idle(variant, IDLE_SECONDS, env));
  } else if (figure !== 'pg' || database !== undefined) {
    const found = await underLoad(variant, figure, options.requests, env, count);
    for (const [name, value] of Object.entries(found)) results.note(figure, name, variant.name, value);
  }
}

/** What arrived since it was last asked. */
function counterOf(collector) {
  let before = { spans: 0, logs: 0, bytes: 0 };
  return async () => {
    collector.send('count');
    const [now] = await once(collector, 'message');
    const since = { spans: now.spans - before.spans, bytes: now.bytes - before.bytes };
    before = now;
    return since;
  };
}

function postgresql() {
  return provideServers().then(startPostgresql, (reason) => console.log(`without PostgreSQL: ${reason.message}`));
}
