import { Agent, request as httpRequest } from 'node:http';
import { requestSource, SPANS_PER_REQUEST } from './requests.mjs';

/**
 * Sends for some seconds and prints one line of JSON: acknowledged spans, refusals, and how long acknowledgements took.
 * Arguments: port, seconds, connections, spans per second (0: as fast as it goes).
 */
const [port, seconds, connections, rate] = process.argv.slice(2).map(Number);
const next = requestSource(100);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const tookMs = [];
let acknowledged = 0;
let refused = 0;
let sent = 0;

const started = performance.now();
const until = started + seconds * 1000;

await Promise.all(Array.from({ length: connections }, worker));
const elapsed = (performance.now() - started) / 1000;
agent.destroy();
tookMs.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    seconds: elapsed,
    spans: acknowledged * SPANS_PER_REQUEST,
    refused,
    p50Ms: tookMs[Math.floor(tookMs.length * 0.5)] ?? null,
    p99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? null,
    cpuSeconds: cpuSeconds(),
  }),
);

async function worker() {
  while (performance.now() < until) {
    if (rate > 0) {
      const dueAt = started + (sent++ * SPANS_PER_REQUEST * 1000) / rate;
      const early = dueAt - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    }
    const before = performance.now();
    const status = await post(next());
    if (status === 200) {
      acknowledged++;
      tookMs.push(performance.now() - before);
    } else {
      refused++;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function post(body) {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'gzip',
      'Content-Length': body.length,
    };
    const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/v1/traces', agent, headers });
    request.on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
