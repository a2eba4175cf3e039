import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventSink } from './support/event-sinks.js';
import { startRunner } from './support/processes.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-commands-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function command(args: string[], env: Record<string, string> = {}) {
  const runner = startRunner(args, env, folder);
  return { code: await runner.ended, output: runner.output() };
}

describe('validate', () => {
  it('exits with 0 when every file is fine, and says how many there are', async () => {
    await writeFile(
      join(folder, 'a.check.yaml'),
      '{ name: a, title: A, every: 5s, steps: [ { name: S, request: { url: "http://a/" } } ] }',
    );
    expect(await command(['validate', '.'])).toEqual({ code: 0, output: '1 files, no faults\n' });
  });
  it('exits with 2 and prints each fault with file, line and column', async () => {
    await writeFile(
      join(folder, 'a.expectation.yaml'),
      'name: a\ntitle: A\nevery: 5s\nmeasure:\n  signal: spans\n  op: avg\nbounds: {}\n',
    );
    const { code, output } = await command(['validate', '.', 'nowhere']);
    expect(code).toBe(2);
    expect(output).toContain('nowhere is not there.');
    expect(output).toContain('a.expectation.yaml:7:1 bounds: needs min, max or both.');
    expect(output).toContain('a.expectation.yaml:4:1 measure.field: is missing: what "avg" is taken of.');
  });
});

describe('test-notify', () => {
  it('sends a page and its resolve to each receiver, and says who did not take it', async () => {
    const pager = await EventSink.start('pagerduty');
    const broken = await EventSink.start('webhook');
    broken.status = 403;
    const config = `notify:\n  oncall: { type: pagerduty, routing_key: 0123456789abcdef0123456789abcdef, url: ${pager.url} }\n  team: { type: webhook, url: ${broken.url}/s3cret }\n`;
    await writeFile(join(folder, 'orrery.yaml'), config);
    const { code, output } = await command(['test-notify']);
    await Promise.all([pager.stop(), broken.stop()]);
    expect(code).toBe(1);
    expect(output).toContain('oncall: took the page\noncall: took the resolve\n');
    expect(output).toMatch(/team: did not take the page: 127\.0\.0\.1:\d+ answered 403/);
    expect(output).not.toContain('s3cret');
    expect(pager.refused).toEqual([]);
    expect(pager.events.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
  });
  it('exits with 2 and names the place when the configuration is wrong', async () => {
    await writeFile(join(folder, 'orrery.yaml'), 'notify:\n  oncall: { type: pager }\n');
    const { code, output } = await command(['test-notify']);
    expect(code).toBe(2);
    expect(output).toMatch(/orrery\.yaml:2:\d+ notify\.oncall/);
  });
});
