import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { machine } from './figures-text.mjs';
import { OURS, variantsOf } from './variants.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SAMPLE_MS = 2000;
const CONNECTIONS = 4;
/** Requests a second and variant: the same work for both, whatever the agent costs. */
const RATE = 400;
/** Of the whole time: what grows then is caches, compiled code and the heap finding its size. */
const WARM_SHARE = 0.3;
const PATHS = ['/ok/1', '/ok/2', '/throw', '/reject', '/leak', '/slow', '/log', '/unknown/1'];

/**
 * One program with the agent and one without, at the same time and rate: answers, errors thrown and rejected, unknown
 * paths, requests the client gives up, promises that are never settled (the program lets go of them after a while). Told is
 * how RSS and the heap in use (after a collection) move per minute once they are warm.
 */
export async function memory(seconds) {
  const collector = fork(here('collector.mjs'));
  const [{ port }] = await once(collector, 'message');
  const variants = await variantsOf(['none', OURS], `http://127.0.0.1:${port}`);
  console.log(`${machine()}; ${RATE} requests a second for ${seconds} s`);
  const series = await Promise.all(variants.map((variant) => watched(variant, seconds)));
  collector.send('count');
  const [arrived] = await once(collector, 'message');
  collector.disconnect();
  for (const [index, { name }] of variants.entries()) {
    const samples = series[index].samples.filter(({ minutes }) => minutes * 60 > seconds * WARM_SHARE);
    const line = (figure) => {
      const values = samples.map((sample) => sample[figure] / 1e6);
      const slope = slopeOf(
        samples.map(({ minutes }) => minutes),
        values,
      );
      return `${figure} ${values.at(0)?.toFixed(1)} → ${values.at(-1)?.toFixed(1)} MB, ${slope.toFixed(2)} MB a minute`;
    };
    console.log(
      `${name.padEnd(8)} ${series[index].requests} requests; ${line('rss')}; ${line('heap')}; ${line('external')}`,
    );
  }
  console.log(`arrived: ${arrived.spans} spans, ${arrived.logs} log records`);
}

async function watched(variant, seconds) {
  const child = fork(here('leaky.cjs'), [], {
    execArgv: ['--expose-gc', ...variant.flags],
    env: { ...process.env, ...variant.env, ORRERY_STARTUP_LINE: 'false' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ port }] = await once(child, 'message');
  const begin = performance.now();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const samples = [];
  let requests = 0;
  const over = () => performance.now() - begin > seconds * 1000;
  const client = async () => {
    while (!over()) {
      const due = (requests / RATE) * 1000 - (performance.now() - begin);
      if (due > 5) await new Promise((resolve) => setTimeout(resolve, due));
      await ask(port, agent, PATHS[requests++ % PATHS.length]);
    }
  };
  const sampler = async () => {
    while (!over()) {
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      child.send('memory');
      const [sample] = await once(child, 'message');
      samples.push({ ...sample, minutes: (performance.now() - begin) / 60_000 });
    }
  };
  await Promise.all([...Array.from({ length: CONNECTIONS }, client), sampler()]);
  agent.destroy();
  child.send('stop');
  await once(child, 'exit');
  return { samples, requests };
}

function ask(port, agent, path) {
  return new Promise((resolve) => {
    const outgoing = request({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.on('error', resolve);
      response.on('close', resolve);
      response.resume();
    });
    outgoing.on('error', resolve);
    // The client that gives up.
    if (path === '/slow' || path === '/leak') setTimeout(() => outgoing.destroy(), 20);
    outgoing.end();
  });
}

/** Least squares. */
function slopeOf(xs, ys) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const over = xs.reduce((sum, value, index) => sum + (value - x) * (ys[index] - y), 0);
  return over / xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
}
