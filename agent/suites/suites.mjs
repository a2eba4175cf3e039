/**
 * Libraries whose npm packages carry their own tests. `files` are those of the package that are
 * tests; `proof` is what must have arrived at the collector while they ran
 * with the agent: an agent that is off passes nothing. `exceptions` are tests that may end otherwise with the agent, each
 * with its reason.
 *
 * @typedef {{
 *   package: string,
 *   version: string,
 *   files: RegExp,
 *   proof: 'traces' | 'logs' | 'none',
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
  { package: 'light-my-request', version: '6.8.1', files: TEST_FILE, proof: 'none' },
  { package: '@fastify/static', version: '10.1.11', files: TEST_FILE, proof: 'traces' },
  { package: '@fastify/websocket', version: '11.3.6', files: TEST_FILE, proof: 'traces' },
  { package: '@fastify/http-proxy', version: '11.6.3', files: /^test\/[^/]+\.js$/, proof: 'traces' },
  { package: '@fastify/reply-from', version: '12.6.5', files: TEST_FILE, proof: 'traces' },
  { package: 'sonic-boom', version: '5.0.2', files: TEST_FILE, proof: 'none' },
  { package: 'thread-stream', version: '4.2.1', files: TEST_FILE, proof: 'none', flags: ['--expose-gc'] },
];
