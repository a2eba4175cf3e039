import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { provideServers, startPostgresql } from '../../deploy/bootstrap/servers.mjs';

/**
 * What the agent costs, beside no agent and OpenTelemetry's auto-instrumentations-node, in one interleaved run:
 * CPU per request (all threads of the process, user and system) on plain node:http, on express, and on fastify with pino
 * and pg against a real PostgreSQL; CPU of the main thread at start, of an application that loads nothing and of one that
 * loads pg. Ratios are the result; absolute figures belong to this machine.
 *
 *   node agent/bench/index.mjs [rounds] [requests per round]
 */
const rounds = Number(process.argv[2] ?? 5);
const requests = Number(process.argv[3] ?? 6000);
const WARM_UP = 2000;
const CONNECTIONS = 8;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const require = createRequire(import.meta.url);
const VARIANTS = {
  none: [],
  orrery: ['--require', here('../dist/register.cjs')],
  'auto-instrumentations-node': ['--require', require.resolve('@opentelemetry/auto-instrumentations-node/register')],
};

const collector = fork(here('collector.mjs'));
const [{ port }] = await once(collector, 'message');
const env = {
  ...process.env,
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  OTEL_SERVICE_NAME: 'bench',
  ORRERY_STARTUP_LINE: 'false',
};
const database = await provideServers().then(startPostgresql, (reason) =>
  console.log(`without PostgreSQL: ${reason.message}`),
);
if (database) env.DATABASE_URL = database.url;
const apps = ['node:http', 'express', ...(database ? ['fastify, pino, pg'] : [])];
const results = {};

for (const app of apps) {
  for (let round = 0; round < rounds; round++) {
    for (const [variant, hook] of Object.entries(VARIANTS)) {
      const { cpuPerRequest, rss } = await measure(app, hook);
      note(`${app} µs/request`, variant, cpuPerRequest);
      note(`${app} RSS MB`, variant, rss);
    }
  }
}
for (let round = 0; round < rounds * 2; round++) {
  for (const [variant, hook] of Object.entries(VARIANTS)) {
    note('start-up ms, main thread', variant, startUp(hook, ''));
    note('the same, loading pg', variant, startUp(hook, `require(${JSON.stringify(require.resolve('pg'))});`));
  }
}
collector.disconnect();
await database?.stop();
report();

function note(figure, variant, value) {
  results[figure] ??= {};
  results[figure][variant] ??= [];
  results[figure][variant].push(value);
}

async function measure(app, hook) {
  const server = fork(here('server.cjs'), [app], { execArgv: hook, env });
  const [{ port: target }] = await once(server, 'message');
  await load(target, WARM_UP);
  const before = await cpuOf(server);
  await load(target, requests);
  // What was recorded has to be sent, too.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const after = await cpuOf(server);
  server.send('stop');
  await once(server, 'exit');
  const micros = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  return { cpuPerRequest: micros / requests, rss: after.rss / 1e6 };
}

async function cpuOf(server) {
  server.send('cpu');
  const [answer] = await once(server, 'message');
  return answer;
}

async function load(target, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = count;
  const worker = async () => {
    while (left-- > 0) await one(target, agent);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
}

function one(target, agent) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: target, path: '/orders/7', agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Milliseconds from the start of the process to the application's first line: what stands between them is on the main thread. */
function startUp(hook, first) {
  const script = `${first} process.stdout.write(String(performance.now())); process.exit(0)`;
  const { stdout } = spawnSync(process.execPath, [...hook, '--eval', script], { env, encoding: 'utf8' });
  return Number(stdout);
}

function report() {
  const median = (values) => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
  console.log(`Node ${process.version}, ${rounds} interleaved rounds of ${requests} requests, medians\n`);
  for (const [figure, byVariant] of Object.entries(results)) {
    const none = median(byVariant.none);
    const ours = median(byVariant.orrery) - none;
    const theirs = median(byVariant['auto-instrumentations-node']) - none;
    const numbers = `none ${none.toFixed(1)}  orrery +${ours.toFixed(1)}  auto-instrumentations-node +${theirs.toFixed(1)}`;
    console.log(`${figure.padEnd(26)} ${numbers}  ratio ${(ours / theirs).toFixed(2)}`);
  }
}
