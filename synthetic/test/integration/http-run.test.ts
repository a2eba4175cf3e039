import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CollectorStandIn } from './support/collector-stand-in.js';
import { type Library, startLibrary, startRunner } from './support/processes.js';

let library: Library;
let collector: CollectorStandIn;
let folder: string;
beforeAll(async () => {
  library = await startLibrary();
  collector = await new CollectorStandIn().start();
});
afterAll(async () => {
  await library.stop();
  await collector.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-run-'));
  await library.mood('well');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const borrow = `
name: borrow
title: A reader can borrow a book
every: 10s
variables: { base: http://127.0.0.1:1 }
steps:
  - name: Find a book
    request: { url: "\${base}/old-books", redirects: 1 }
    expect:
      status: 200
      headers: { content-type: { contains: json } }
      json:
        - { path: "$.books[0].pages", at_least: 100, less_than: 1000 }
        - { path: "$.books[*]", count: 1 }
        - { path: $.error, exists: false }
    save: { book: { json: "$.books[0].id" } }
  - name: Ask for it
    request:
      method: POST
      url: \${base}/loans
      headers: { x-api-key: "\${secret.library}" }
      json: { book: "\${book}", reader: "\${run.id}" }
    expect: { status: 2xx, json: [ { path: $.book, equals: "\${book}" } ] }
    save: { loan: { header: x-loan }, digits: { regex: "loan-(\\\\d+)" } }
  - name: It becomes ready
    request: { url: "\${base}/loans/\${loan}" }
    eventually: { within: 5s, every: 50ms }
    expect: { json: [ { path: $.state, equals: ready } ] }
  - name: Give it back
    always: true
    request: { method: DELETE, url: "\${base}/loans/\${loan}" }
    expect: { status: 204 }
`;

async function run(args: string[], env: Record<string, string> = {}) {
  const where = ['--api', collector.url, '--otlp', collector.url, '--var', `base=${library.url}`];
  const runner = startRunner(['run', folder, ...where, ...args], { ORRERY_SECRET_LIBRARY: 'hunter2-secret', ...env });
  return { code: await runner.ended, output: runner.output() };
}

describe('running HTTP checks once', () => {
  it('passes all steps in one trace, from the root over each step to each request, marked synthetic', async () => {
    await writeFile(join(folder, 'borrow.check.yaml'), borrow);
    const { code, output } = await run(['--json']);
    expect(code, output).toBe(0);
    const { runs } = JSON.parse(output) as {
      runs: { run: { run_id: string; trace_id: string; steps: { name: string }[] } }[];
    };
    const report = runs[0]?.run;
    expect(report?.steps.map(({ name }) => name)).toEqual([
      'Find a book',
      'Ask for it',
      'It becomes ready',
      'Give it back',
    ]);

    const spans = collector.state.spans.filter(({ traceId }) => traceId === report?.trace_id);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
    expect(roots.map(({ name }) => name)).toEqual(['check borrow']);
    const steps = spans.filter(({ parentSpanId }) => parentSpanId === roots[0]?.spanId);
    expect(steps.map(({ name }) => name)).toEqual(report?.steps.map(({ name }) => name));
    const requests = spans.filter(({ attributes }) => attributes['http.request.method']);
    expect(requests.every(({ parentSpanId }) => steps.some(({ spanId }) => spanId === parentSpanId))).toBe(true);
    for (const span of spans) {
      expect(span.service).toBe('orrery-synthetic');
      expect(span.attributes).toMatchObject({
        synthetic: true,
        'synthetic.check': 'borrow',
        'synthetic.run': report?.run_id,
        'synthetic.location': 'local',
      });
    }

    const heard = (await library.heard()).filter(({ headers }) => headers['x-correlation-id'] === report?.run_id);
    expect(heard.length).toBeGreaterThanOrEqual(5);
    for (const { headers } of heard) {
      const [, traceId, spanId] = headers['traceparent']?.split('-') ?? [];
      expect(traceId).toBe(report?.trace_id);
      expect(requests.map((span) => span.spanId)).toContain(spanId);
      expect(headers['baggage']).toContain('synthetic=true');
      expect(headers['baggage']).toContain(`synthetic.check=borrow,synthetic.run=${report?.run_id}`);
    }
    const asked = heard.find(({ method, path }) => method === 'POST' && path === '/loans');
    expect(JSON.parse(asked?.body ?? '{}')).toEqual({ book: 7, reader: report?.run_id });
    expect(asked?.headers['x-api-key']).toBe('hunter2-secret');
  });

  it('says which step failed and why, skips the rest but what cleans up, and never shows a secret', async () => {
    await library.mood('ill');
    await writeFile(join(folder, 'borrow.check.yaml'), borrow.replace('- name: Find a book', '- name: Find ${run.id}'));
    const artifacts = join(folder, 'artifacts');
    const { code, output } = await run(['--json', '--artifacts', artifacts]);
    expect(code).toBe(1);
    const report = JSON.parse(output) as {
      runs: { run: { sentence: string; steps: { outcome: string; error: string; artifact: string }[] } }[];
    };
    const { steps, sentence } = report.runs[0]?.run ?? { steps: [], sentence: '' };
    expect(steps.map(({ outcome }) => outcome)).toEqual(['fail', 'skipped', 'skipped', 'fail']);
    expect(sentence).toContain('status is 503, expected 200');
    const kept = await readFile(steps[0]?.artifact ?? '', 'utf8');
    expect(kept).toContain('the stacks are closed');
    expect(kept + output).not.toContain('hunter2-secret');
    expect(collector.state.spans.map((span) => JSON.stringify(span)).join()).not.toContain('hunter2-secret');
  });

  it('tries again with back-off and keeps what the first try found', async () => {
    const text = `{ name: flaky, title: F, every: 10s, timeout: 500ms, retry: { attempts: 2, delay: 200ms }, steps: [ { name: Ask, request: { url: "\${base}/books" } } ], variables: { base: x } }`;
    await writeFile(join(folder, 'flaky.check.yaml'), text);
    await library.mood('slow');
    const { code, output } = await run(['--json']);
    expect(code).toBe(1);
    const report = JSON.parse(output) as {
      runs: { run: { attempts: number; details: { earlier_attempts: unknown[] } } }[];
    };
    expect(report.runs[0]?.run.attempts).toBe(2);
    expect(report.runs[0]?.run.details.earlier_attempts).toEqual([
      { sentence: expect.stringContaining('did not answer within 500 ms'), duration_ms: expect.any(Number) },
    ]);
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:9', 'refused the connection'],
    ['the name is unknown', 'http://no-such-host.invalid', 'cannot be resolved'],
    ['the address is none', 'nonsense', 'is not an address'],
  ])('says in words when %s', async (_, base, words) => {
    await writeFile(
      join(folder, 'a.check.yaml'),
      '{ name: a, title: A, every: 10s, steps: [ { name: Ask, request: { url: "${base}/" } } ] }',
    );
    const { code, output } = await run(['--var', `base=${base}`]);
    expect(code).toBe(1);
    expect(output).toContain(words);
  });

  it('exits with 2 and names file, line and column when a file has faults, and runs the others', async () => {
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'more', 'b.check.yaml'), 'name: b\ntitle: B\nevery: 10s\nsteps: []\n');
    await writeFile(
      join(folder, 'c.check.yaml'),
      '{ name: c, title: C, every: 10s, steps: [ { name: Ask, request: { url: "${base}/books" } } ] }',
    );
    const { code, output } = await run([]);
    expect(code, output).toBe(2);
    expect(output).toContain('b.check.yaml:4:1 steps:');
    expect(output).toContain('1 passed, 0 failed, 1 files with faults');
  });
});
