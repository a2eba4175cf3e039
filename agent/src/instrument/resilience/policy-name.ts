import { relative } from 'node:path';

/** Under this an application (or `@orrery/agent/resilience`) writes a name on a policy. */
const NAME = Symbol.for('orrery.policy.name');

const names = new WeakMap<object, string>();

/**
 * Name of a policy of a library that has none: what the application gave it, else where it was used for the first time
 * (`src/payments.js:12`), which is the same in every run and in every instance of a service.
 */
export function policyName(policy: object): string {
  const known = names.get(policy);
  if (known !== undefined) return known;
  const given = (policy as { [NAME]?: unknown })[NAME];
  const name = typeof given === 'string' && given !== '' ? given.slice(0, 128) : callSite();
  names.set(policy, name);
  return name;
}

/** The first frame outside of the agent and of libraries. */
function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const lines = new Error().stack?.split('\n').slice(1) ?? [];
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of lines) {
    if (line.includes(__filename) || /[\\/]node_modules[\\/]|\(node:|at node:/.test(line)) continue;
    const [, file, number] = /(?:\(|at (?:async )?)(?:file:\/\/)?([^()]+?):(\d+):\d+\)?$/.exec(line) ?? [];
    if (file !== undefined) return `${relative(process.cwd(), file)}:${number}`;
  }
  return 'unnamed';
}
