import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signatureOf } from '../../src/notify/webhook.js';
import { CollectorStandIn } from './support/collector-stand-in.js';
import { EventSink } from './support/event-sinks.js';
import { type Library, type Runner, startLibrary, startRunner, until } from './support/processes.js';

const KEY = '0123456789abcdef0123456789abcdef';
let folder: string;
let library: Library;
let collector: CollectorStandIn;
let pager: EventSink;
let hook: EventSink;
let runner: Runner | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-alert-'));
  library = await startLibrary();
  collector = await new CollectorStandIn().start();
  pager = await EventSink.start('pagerduty');
  hook = await EventSink.start('webhook');
  await writeFile(
    join(folder, 'books.check.yaml'),
    `
name: books
title: A reader can find a book
every: 1s
owner: team-reading
runbook: https://wiki.example.org/books
alert: { fail_streak: 2, pass_streak: 2 }
steps:
  - name: Find
    request: { url: ${library.url}/books }
`,
  );
  await writeFile(
    join(folder, 'orrery.yaml'),
    `
store: { whatever: belongs to others }
notify:
  oncall: { type: pagerduty, routing_key: "\${PAGER_KEY}", url: ${pager.url}/v2/enqueue }
  team: { type: webhook, url: ${hook.url}/hook/s3cret-path, secret: shared-s3cret }
synthetic: { dashboard_url: "https://orrery.example.org" }
`,
  );
});
afterEach(async () => {
  await runner?.end('SIGKILL');
  runner = undefined;
  await Promise.all([library.stop(), collector.stop(), pager.stop(), hook.stop()]);
  await rm(folder, { recursive: true, force: true });
});

function serve(): Runner {
  const args = ['--config', join(folder, 'orrery.yaml'), '--api', collector.url, '--otlp', collector.url];
  runner = startRunner(['serve', '--checks', folder, '--expectations', folder, ...args], { PAGER_KEY: KEY });
  return runner;
}

const actions = () => pager.events.map(({ event_action }) => event_action);
const alertIs = (state: string) =>
  until(() => collector.state.alerts.get('books')?.state === state, `the alert is ${state}`);

describe('a page', () => {
  it('goes out once when a check keeps failing, says what is the matter, and is taken back once', async () => {
    serve();
    await until(() => collector.state.runs.length > 0, 'a first run');
    await library.mood('ill');
    await until(() => pager.received.length === 1 && hook.received.length === 1, 'the page');
    await until(
      () => collector.state.runs.filter(({ verdict }) => verdict === 'fail').length >= 5,
      'more failing runs',
    );
    expect(actions()).toEqual(['trigger']);
    await library.mood('well');
    await until(() => pager.received.length === 2 && hook.received.length === 2, 'the resolve');
    await alertIs('resolved');
    expect(pager.refused).toEqual([]);
    expect(actions()).toEqual(['trigger', 'resolve']);
    expect(new Set(pager.events.map(({ dedup_key }) => dedup_key))).toEqual(new Set(['orrery:books:1']));

    const [page] = pager.events;
    const failing = collector.state.runs.filter(({ verdict }) => verdict === 'fail');
    expect(page).toMatchObject({
      client_url: 'https://orrery.example.org/alerts/books',
      payload: { summary: 'Failing: A reader can find a book', severity: 'critical', group: 'team-reading' },
    });
    const text = JSON.stringify(page);
    expect(text).toContain('status is 503');
    expect(text).toContain('Owner: team-reading');
    expect(text).toContain('https://wiki.example.org/books');
    expect(failing.some(({ trace_id }) => text.includes(`https://orrery.example.org/traces/${trace_id}?from=`))).toBe(
      true,
    );
    expect(text).toMatch(/Since: \d{4}-\d\d-\d\dT/);

    for (const { headers, body } of hook.received) {
      expect(headers['x-orrery-signature']).toBe(
        signatureOf('shared-s3cret', headers['x-orrery-timestamp'] ?? '', body),
      );
      expect(headers['idempotency-key']).toMatch(/^orrery:books:1:(firing|resolved):team$/);
    }
    expect(runner?.output()).not.toMatch(/s3cret|0123456789abcdef0123456789abcdef/);
  });

  it('is stored as waiting before it is sent, and as sent after', async () => {
    await library.mood('ill');
    serve();
    await until(() => pager.received.length === 1, 'the page');
    await until(
      () => collector.state.writes.at(-1)?.notifications.every(({ outcome }) => outcome === 'sent'),
      'the trail',
    );
    const outcomes = collector.state.writes
      .map(({ notifications }) => notifications.find(({ receiver }) => receiver === 'oncall')?.outcome)
      .filter((outcome, index, all) => outcome !== all[index - 1]);
    expect(outcomes).toEqual([undefined, 'waiting', 'sent'].slice(outcomes[0] === undefined ? 0 : 1));
  });

  it('is known after kill -9 of the runner and the collector, and resolves exactly once', async () => {
    await library.mood('ill');
    const first = serve();
    await alertIs('firing');
    await until(() => pager.received.length === 1 && hook.received.length === 1, 'the page');
    await until(
      () => collector.state.alerts.get('books')?.notifications.every(({ outcome }) => outcome === 'sent'),
      'the trail',
    );
    await first.end('SIGKILL');
    await collector.stop();
    await library.mood('well');
    serve();
    await collector.start();
    await alertIs('resolved');
    await until(() => pager.received.length === 2 && hook.received.length === 2, 'the resolve');
    const runs = collector.state.runs.length;
    await until(() => collector.state.runs.length >= runs + 3, 'more passing runs');
    expect(actions()).toEqual(['trigger', 'resolve']);
    expect(new Set(pager.events.map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(hook.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'orrery:books:1:firing:team',
      'orrery:books:1:resolved:team',
    ]);
  });

  it('that was killed while it waited is sent by the next runner, under the same key', async () => {
    pager.status = 503;
    await library.mood('ill');
    const first = serve();
    await until(() => collector.state.alerts.get('books')?.notifications.some(({ attempts }) => attempts > 0), 'a try');
    await first.end('SIGKILL');
    pager.status = undefined;
    serve();
    await until(() => pager.received.length === 1, 'the page');
    await until(
      () =>
        collector.state.alerts.get('books')?.notifications.find(({ receiver }) => receiver === 'oncall')?.outcome ===
        'sent',
      'sent',
    );
    expect(pager.events[0]?.dedup_key).toBe('orrery:books:1');
  });

  it('is tried again while the receiver is away, and every try is counted', async () => {
    pager.status = 500;
    await library.mood('ill');
    serve();
    const tries = () =>
      collector.state.alerts.get('books')?.notifications.find(({ receiver }) => receiver === 'oncall');
    await until(() => (tries()?.attempts ?? 0) >= 2, 'two tries');
    expect(tries()).toMatchObject({ outcome: 'waiting', error: expect.stringContaining('answered 500') });
    pager.status = undefined;
    await until(() => tries()?.outcome === 'sent', 'sent');
    expect(actions()).toEqual(['trigger']);
    expect(hook.received).toHaveLength(1);
  });

  it('is kept back by a silence, and its resolve by none', async () => {
    const now = Date.now();
    const silence = {
      id: '1',
      check: 'bo*',
      from: `${now - 1000}000000`,
      to: `${now + 3_600_000}000000`,
      by: 'ops',
      comment: '',
    };
    collector.state.silences.push(silence);
    await library.mood('ill');
    serve();
    await alertIs('firing');
    await until(
      () => collector.state.alerts.get('books')?.notifications.every(({ outcome }) => outcome === 'silenced'),
      'silenced',
    );
    expect(pager.received).toEqual([]);
    collector.state.silences.length = 0;
    await until(() => pager.received.length === 1, 'the page, now that the silence is over');
    collector.state.silences.push(silence);
    await library.mood('well');
    await until(() => pager.received.length === 2, 'the resolve, silence or not');
    expect(actions()).toEqual(['trigger', 'resolve']);
  });

  it('that somebody acknowledged in the dashboard is acknowledged at PagerDuty', async () => {
    await library.mood('ill');
    serve();
    await until(
      () =>
        collector.state.alerts.get('books')?.notifications.every(({ outcome }) => outcome === 'sent') &&
        pager.received.length,
      'the page',
    );
    const alert = collector.state.alerts.get('books');
    if (!alert) throw new Error('no alert');
    collector.write({ ...alert, acknowledged_by: 'ada', acknowledged_at: '1', version: alert.version + 1 });
    await until(() => pager.received.length === 2, 'the acknowledgement');
    expect(pager.events[1]).toEqual({ routing_key: KEY, dedup_key: 'orrery:books:1', event_action: 'acknowledge' });
    await until(() => collector.state.alerts.get('books')?.acknowledged_by === 'ada', 'kept');
  });

  it('is taken back when its check is removed', async () => {
    await library.mood('ill');
    serve();
    await until(() => pager.received.length === 1, 'the page');
    await rm(join(folder, 'books.check.yaml'));
    await until(() => pager.received.length === 2, 'the resolve');
    expect(actions()).toEqual(['trigger', 'resolve']);
    expect(collector.state.checks.has('books')).toBe(false);
  });
});

describe('mail', () => {
  it('arrives over SMTP with the page as text', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _, done) =>
        password === 'p@ss' ? done(null, { user: username }) : done(new Error('no')),
      onData: (stream, _, done) => {
        let text = '';
        stream.on('data', (chunk) => (text += String(chunk)));
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as { port: number };
    await writeFile(
      join(folder, 'orrery.yaml'),
      `notify: { mail: { type: email, smtp: "smtp://orrery:p%40ss@127.0.0.1:${port}", from: orrery@example.org, to: [oncall@example.org] } }\n`,
    );
    await library.mood('ill');
    serve();
    await until(() => mails.length === 1, 'the mail');
    await library.mood('well');
    await until(() => mails.length === 2, 'the mail that takes it back');
    await runner?.end('SIGTERM');
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(mails[0]).toContain('Subject: Failing: A reader can find a book');
    expect(mails[0]).toContain('What: Step "Find" failed: status is 503');
    expect(mails[1]).toContain('Subject: Over: A reader can find a book');
    const references = mails.map((mail) => /^References: (.*)$/m.exec(mail)?.[1]);
    expect(references[0]).toBe(references[1]);
  });
});

describe('the runner', () => {
  it('goes on while the collector is away, says so once, and reports when it is back', async () => {
    await collector.stop();
    const first = serve();
    await until(() => /going on without/.test(first.output()), 'it says so');
    await library.mood('ill');
    await until(async () => (await library.heard()).length >= 5, 'runs without a collector');
    await collector.start();
    await until(() => collector.state.runs.length >= 4, 'the runs that waited');
    await until(() => pager.received.length === 1, 'the page');
    expect(first.output().match(/going on without/g)).toHaveLength(1);
    expect(collector.state.checks.get('books')).toMatchObject({ schedule: 'every 1 s', kind: 'http' });
  });

  it('shows a file with faults as a check, takes it up when it is mended, and ends within seconds', async () => {
    const file = join(folder, 'loans.check.yaml');
    await writeFile(file, 'name: loans\ntitle: Loans\nevery: soon\nsteps: []\n');
    const first = serve();
    await until(() => collector.state.checks.get('loans'), 'the broken check');
    expect(collector.state.checks.get('loans')?.faults).toMatchObject([
      { line: 3, column: 1 },
      { line: 4, column: 1 },
    ]);
    await until(() => collector.state.runs.some(({ check }) => check === 'books'), 'the other check runs');
    const fine = (await readFile(join(folder, 'books.check.yaml'), 'utf8')).replace('name: books', 'name: loans');
    await writeFile(file, fine);
    await until(() => collector.state.runs.some(({ check }) => check === 'loans'), 'the mended check runs');
    expect(collector.state.checks.get('loans')?.faults).toEqual([]);
    const began = Date.now();
    await first.end('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(Date.now() - began).toBeLessThan(8000);
  });
});

describe('an expectation', () => {
  it('is judged by its figure, names who is affected, and pages like any check', async () => {
    await rm(join(folder, 'books.check.yaml'));
    await writeFile(
      join(folder, 'loans.expectation.yaml'),
      `
name: no-stuck-loans
title: No loan is stuck
every: 1s
measure: { signal: sagas, q: "saga.name:loan AND saga.stuck:true", over: 5m }
bounds: { max: 0, unit: loans }
affected: { signal: sagas, q: "saga.name:loan AND saga.stuck:true", field: saga_id }
alert: { fail_streak: 2, pass_streak: 1 }
`,
    );
    let stuck = ['loan-7', 'loan-9'];
    collector.state.figure = ({ group_by }) =>
      group_by.length > 0
        ? stuck.map((id) => ({ key: [id], values: [1], series: [] }))
        : [{ key: [], values: [stuck.length], series: [] }];
    serve();
    await until(() => pager.received.length === 1, 'the page');
    const text = JSON.stringify(pager.events[0]);
    expect(text).toContain('2 loans in 5 min; expected none.');
    expect(text).toContain('2 affected: loan-7, loan-9');
    expect(text).toContain('/sagas?name=loan&state=stuck&from=');
    stuck = [];
    await until(() => pager.received.length === 2, 'the resolve');
    expect(collector.state.runs.at(-1)).toMatchObject({ verdict: 'pass', figure: 0 });
    expect(collector.state.checks.get('no-stuck-loans')?.bounds).toEqual({ min: null, max: 0, unit: 'loans' });
    const [query] = collector.state.queries;
    expect(Number(query?.to) - Number(query?.from)).toBe(300_000);
    expect(query?.synthetic).toBe('exclude');
  });
});
