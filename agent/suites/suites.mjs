/**
 * Libraries whose npm packages carry their own tests. `files` are those of the package that are
 * tests; `proof` is what must have arrived at the collector while they ran
 * with the agent (where nothing is served and nothing logged, the metrics of the runtime): an agent that is off passes
 * nothing. `exceptions` are tests that may end otherwise with the agent, each with its reason.
 *
 * @typedef {{
 *   package: string,
 *   version: string,
 *   files: RegExp,
 *   proof: 'traces' | 'logs' | 'metrics',
 *   flags?: string[],
 *   exceptions?: { file: string, test: RegExp, why: string }[],
 * }} Suite
 */

/** Fastify's public hooks are how the agent learns routes and errors; nothing is patched. */
const COUNTED = 'looks at how many hooks there are, or prints them: the agent has two';
const TEST_FILE = /\.test\.m?js$/;

/** @type {Suite[]} */
export const suites = [
  {
    package: 'fastify',
    version: '5.12.8',
    files: TEST_FILE,
    proof: 'traces',
    exceptions: [
      { file: 'hooks.test.js', test: /^onRequest hook should support encapsulation \/ 2$/, why: COUNTED },
      {
        file: 'pretty-print.test.js',
        test: /^pretty print - (empty plugins|includeMeta, includeHooks)$/,
        why: COUNTED,
      },
    ],
  },
  { package: 'pino', version: '10.4.0', files: TEST_FILE, proof: 'logs' },
  { package: 'pino-http', version: '11.0.0', files: /^test\/test\.js$/, proof: 'logs' },
  { package: 'find-my-way', version: '9.10.1', files: TEST_FILE, proof: 'traces' },
  { package: 'light-my-request', version: '6.8.1', files: TEST_FILE, proof: 'metrics' },
  {
    package: '@fastify/static',
    version: '10.1.11',
    files: TEST_FILE,
    proof: 'traces',
    // One of its tests never ends when garbage is collected in the middle of it, with no agent as well: fetch then
    // breaks off a response that nobody reads, connects anew, and the server that is closed waits for that connection.
    flags: ['--min-semi-space-size=64'],
  },
  { package: '@fastify/websocket', version: '11.3.6', files: TEST_FILE, proof: 'traces' },
  { package: '@fastify/http-proxy', version: '11.6.3', files: /^test\/[^/]+\.js$/, proof: 'traces' },
  { package: '@fastify/reply-from', version: '12.6.5', files: TEST_FILE, proof: 'traces' },
  {
    package: '@fastify/cors',
    version: '11.4.3',
    files: TEST_FILE,
    proof: 'metrics',
    exceptions: [{ file: 'hooks.test.js', test: /^Should set hook /, why: COUNTED }],
  },
  { package: '@fastify/cookie', version: '11.1.5', files: TEST_FILE, proof: 'metrics' },
  { package: '@fastify/compress', version: '8.3.1', files: TEST_FILE, proof: 'metrics' },
  { package: '@fastify/multipart', version: '10.1.9', files: TEST_FILE, proof: 'traces' },
  { package: '@fastify/middie', version: '9.3.6', files: TEST_FILE, proof: 'traces' },
  { package: '@fastify/express', version: '4.0.7', files: TEST_FILE, proof: 'traces' },
  { package: 'mercurius', version: '16.10.1', files: TEST_FILE, proof: 'traces' },
  { package: 'fast-json-stringify', version: '7.3.6', files: TEST_FILE, proof: 'metrics' },
  { package: 'avvio', version: '9.3.1', files: TEST_FILE, proof: 'metrics' },
  { package: 'pino-pretty', version: '13.2.0', files: TEST_FILE, proof: 'metrics' },
  { package: 'sonic-boom', version: '5.0.2', files: TEST_FILE, proof: 'metrics' },
  { package: 'thread-stream', version: '4.2.1', files: TEST_FILE, proof: 'metrics', flags: ['--expose-gc'] },
];
