import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { provideServers, startPostgresql } from '../../deploy/bootstrap/servers.mjs';
import { machine } from './figures-text.mjs';
import { memory } from './memory.mjs';
import { HELP, readOptions } from './options.mjs';
import { packageSize } from './package-size.mjs';
import { print, writeTables } from './report.mjs';
import { Results } from './results.mjs';
import { idle, startOf, underLoad } from './run-once.mjs';
import { startPrograms } from './start-programs.mjs';
import { variantsOf } from './variants.mjs';

/**
 * What the agent costs, beside no agent, its own with the OpenTelemetry SDK as engine, OpenTelemetry's
 * auto-instrumentations-node, dd-trace and elastic-apm-node (the last two send to a stand-in that takes and counts what
 * comes). Interleaved: every round measures all of them, one after the other. Everything is recorded, defaults everywhere.
 */
const IDLE_SECONDS = 3;
const ATTEMPTS = 2;
const README = fileURLToPath(new URL('../README.md', import.meta.url));

const options = readOptions(process.argv.slice(2));
if (options.help) console.log(HELP);
else if (options.memory) await memory(options.seconds);
else await compare();

async function compare() {
  const begin = Date.now();
  const collector = fork(fileURLToPath(new URL('collector.mjs', import.meta.url)));
  const [{ port }] = await once(collector, 'message');
  const variants = await variantsOf(options.variants, `http://127.0.0.1:${port}`);
  const database = options.figures.includes('pg') ? await postgresql() : undefined;
  const env = { ...process.env, ORRERY_STARTUP_LINE: 'false', DATABASE_URL: database?.url ?? '' };
  console.log(`${machine()}\nThe agent's package: ${packageSize()}`);
  for (const { name, version } of variants) if (version !== '') console.log(`  ${name}: ${version}`);

  const programs = startPrograms();
  const results = new Results();
  const count = counterOf(collector);
  for (let round = 1; round <= options.rounds; round++) {
    results.round = round;
    // There and back, so that nobody always stands behind the same neighbour.
    const order = round % 2 === 1 ? variants : [...variants].reverse();
    for (const figure of options.figures) {
      if (figure === 'pg' && database === undefined) continue;
      for (const variant of order) await measure(figure, variant, { results, env, count, programs });
    }
    console.log(`round ${round} of ${options.rounds}, ${Math.round((Date.now() - begin) / 1000)} s`);
    // After every round: what was measured is not lost with a run that is broken off.
    const heading = `${machine()}; ${round} rounds of ${options.requests} requests: medians, with the range.`;
    if (options.write) writeTables(results, variants, README, heading);
  }
  collector.disconnect();
  await database?.stop();
  print(results, variants);
}

/** Tried once more when it fails; then it is told, and missing from the results. */
async function measure(figure, variant, parts) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await measureOnce(figure, variant, parts);
      return;
    } catch (error) {
      console.log(`${figure}, ${variant.name}: ${error.message}`);
      await parts.count();
    }
  }
}

async function measureOnce(figure, variant, { results, env, count, programs }) {
  const note = (subject, name, value) => results.note(subject, name, variant.name, value);
  if (figure === 'start') {
    for (const [what, program] of Object.entries(programs)) {
      const { main, wall } = startOf(variant, program, env);
      note(`start, ${what}`, 'main thread, ms', main);
      note(`start, ${what}`, 'wall, ms', wall);
    }
  } else if (figure === 'idle') {
    note('idle', 'CPU, ms a second', (await idle(variant, IDLE_SECONDS, env)) / IDLE_SECONDS);
  } else {
    const found = await underLoad(variant, figure, options.requests, env, count);
    for (const [name, value] of Object.entries(found)) note(figure, name, value);
  }
}

/** What arrived since it was last asked. */
function counterOf(collector) {
  let before = { spans: 0, logs: 0, bytes: 0 };
  return async () => {
    collector.send('count');
    const [now] = await once(collector, 'message');
    const since = { spans: now.spans - before.spans, logs: now.logs - before.logs, bytes: now.bytes - before.bytes };
    before = now;
    return since;
  };
}

function postgresql() {
  return provideServers().then(startPostgresql, (reason) => console.log(`without PostgreSQL: ${reason.message}`));
}
