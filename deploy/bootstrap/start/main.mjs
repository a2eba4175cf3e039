import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { runMain } from '../cannot.mjs';
import { startElasticsearch } from '../elasticsearch.mjs';
import { findFreePort, isPortFree } from '../free-port.mjs';
import { installPackages } from '../install-packages.mjs';
import { withProgress } from '../progress.mjs';
import { readyText } from './farewell.mjs';
import { parseOptions, usage } from './options.mjs';
import { watchParent } from './parent-watch.mjs';
import { checkMachine } from './preflight.mjs';
import { addresses, startCollector, startDemo, startRunner } from './programs.mjs';
import { waitUntilReady } from './readiness.mjs';

/** @typedef {{ name: string, stop: () => Promise<void> }} Started */

/** `npm start` */
export function main() {
  return runMain(async () => {
    const options = parseOptions(process.argv.slice(2));
    if (options === 'help') return console.log(usage);
    /** @type {Started[]} */
    const started = [];
    const stopAll = stopOnSignals(started);
    try {
      await start(options, started);
    } catch (error) {
      await stopAll();
      throw error;
    }
  });
}

/**
 * @param {import('./options.mjs').StartOptions} options
 * @param {Started[]} started grows as programs are started, so that they can be stopped at any time
 */
async function start(options, started) {
  const begin = Date.now();
  console.log('Starting Orrery');
  await checkMachine(options);
  await installPackages();
  await buildPackages();
  const settings = { ...options };
  if (options.store === 'elasticsearch' && !options.elasticsearchUrl) {
    settings.elasticsearchUrl = await withProgress('starting Elasticsearch', async () => {
      const port = (await isPortFree(9200)) ? 9200 : await findFreePort();
      const server = await startElasticsearch({ port, dataDir: join(options.dataDir, 'elasticsearch') });
      started.push({ name: 'Elasticsearch', stop: () => server.stop() });
      return server.url;
    });
  }
  /** @param {string} line */
  const report = (line) => console.log(`  ${line}`);
  const collector = startCollector(settings, report);
  started.push(collector);
  const shop = options.demo ? startDemo(settings, report) : undefined;
  if (shop) started.push(shop.program);
  await withProgress('starting the collector', () => waitUntilReady(addresses(options).ui, collector, 120_000));
  if (shop) await withProgress('opening the demo shop', () => shop.isOpen(30_000));
  // Only now: checks of a shop that is still closed would begin with a failure.
  started.push(startRunner(settings, report));
  console.log(readyText(settings, (Date.now() - begin) / 1000));
}

/**
 * Stops what was started, last first, when somebody wants this process to end.
 * @param {Started[]} started
 */
function stopOnSignals(started) {
  /** @type {Promise<void> | undefined} */
  let stopping;
  const stopAll = () => {
    stopping ??= (async () => {
      for (const one of started.reverse()) await one.stop();
    })();
    return stopping;
  };
  const end = () => {
    if (!stopping) console.log('\nStopping …');
    void stopAll().then(() => process.exit(process.exitCode ?? 0));
  };
  // npm passes a Ctrl-C on that the terminal has sent already: a second signal means the same as the first.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);
  watchParent(end);
  return stopAll;
}
