import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRunnerConfig } from './runner-config.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const load = async (text: string, env: Record<string, string> = {}) => {
  const file = join(folder, 'orrery.yaml');
  await writeFile(file, text);
  return loadRunnerConfig(file, env);
};

describe('the configuration of the runner', () => {
  it('is the default without a file', async () => {
    const { notify, synthetic } = await loadRunnerConfig(undefined, {});
    expect(notify).toEqual({});
    expect(synthetic).toMatchObject({ location: 'local', concurrency: { http: 10, browser: 1, expectation: 5 } });
  });
  it('accepts the example of the README', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const example = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].find(([, text]) =>
      text?.startsWith('notify:'),
    )?.[1];
    const env = { PAGERDUTY_KEY: 'k1', HOOK_SECRET: 's1', SLACK_HOOK: 'https://hooks.example.org/x' };
    const { notify } = await load(example ?? '', env);
    expect(Object.keys(notify)).toEqual(['oncall', 'team', 'mail', 'room']);
    expect(notify['oncall']).toMatchObject({ routing_key: 'k1', severities: ['page'] });
  });
  it('takes keys and numbers from the environment', async () => {
    const { notify, synthetic } = await load('notify: { a: { type: pagerduty } }', {
      ORRERY_NOTIFY__A__ROUTING_KEY: '12345678901234567890123456789012',
      ORRERY_SYNTHETIC__CONCURRENCY__HTTP: '3',
    });
    expect(notify['a']).toMatchObject({ routing_key: '12345678901234567890123456789012' });
    expect(synthetic.concurrency.http).toBe(3);
  });
  it('tells every fault with its place, and leaves the sections of others alone', async () => {
    const text =
      'store: [whatever]\nnotify:\n  a: { type: webhook, url: "${GONE}" }\n  b: { type: pigeon }\nsynthetic:\n  speed: 3\n';
    const message = await load(text).then(String, (error: Error) => error.message);
    expect(message).toMatch(/:3:\d+ notify\.a\.url: the environment has no GONE/);
    expect(message).toMatch(/:4:\d+ notify\.b/);
    expect(message).toMatch(/:6:3 synthetic\.speed: "speed" is not known here/);
  });
});
