import type { Answer } from './published-app.js';
import type { Made, Run } from './run-once.js';

/** Time to end may be so much longer before it counts: the last telemetry is sent then. */
const END_MS = 1000;

/**
 * What can be seen of a run from outside, by a name for each thing: answers, output, how it ended. What no two runs have
 * in common (times, ids, tokens) is masked.
 */
export function visible(run: Run): Map<string, string> {
  const own = ownNames(run);
  return new Map([...rawVisible(run)].map(([name, value]) => [own(name), own(value)]));
}

/** What a run alone has: the process, and the port of the server beside it. */
function ownNames({ pid, server }: Run): (text: string) => string {
  const names: [string, string][] = [[String(pid), '<pid>']];
  if (server !== '') names.push([new URL(server).port, '<server>']);
  return (text) =>
    names.reduce((rest, [name, instead]) => rest.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), instead), text);
}

function rawVisible(run: Run): Map<string, string> {
  const seen = new Map<string, string>();
  for (const { correlation, exchange, answer } of run.made) {
    // How far an answer got before its client went is a matter of luck.
    if (exchange.giveUpAfterMs !== undefined) continue;
    const name = `${correlation} ${exchange.method ?? 'GET'} ${typeof exchange.path === 'string' ? exchange.path : '…'}`;
    for (const [part, value] of partsOf(answer)) seen.set(`${name}: ${part}`, value);
  }
  for (const [name, count] of tally(run.load)) seen.set(name, String(count));
  for (const [name, text] of Object.entries({ stdout: run.stdout, stderr: run.stderr })) {
    for (const [line, count] of tallyOf(linesOf(text))) seen.set(`${name}: ${line}`, String(count));
  }
  seen.set('exit', `code ${run.end.code}, signal ${run.end.signal}`);
  return seen;
}

/** Names of what is not the same in both. */
export function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

/** Whether stopping took longer by more than sending the last telemetry may take. */
export function endsLater(plain: Run, observed: Run): boolean {
  return observed.end.ms > plain.end.ms + END_MS;
}

function partsOf({ status, headers, body, fault = 'none' }: Answer): [string, string][] {
  const text = masked(body);
  const shown: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const [name = '', value = ''] = headers.slice(index, index + 2);
    // What was masked may have had another length.
    const follows = text !== body && /^(?:content-length|etag)$/i.test(name);
    shown.push(`${name}: ${follows ? '<of the body>' : masked(value)}`);
  }
  return [
    ['status', String(status)],
    ['headers', shown.join('\n')],
    ['body', text],
    ['fault', fault],
  ];
}

/** Under load only what came how often can be compared, not in which order. */
function tally(load: readonly Made[]): Map<string, number> {
  return tallyOf(
    load.map(({ exchange: { method = 'GET', path }, answer }) => {
      const [, status, headers, body] = ['', ...partsOf(answer).map(([, value]) => value)];
      const names = headers
        ?.split('\n')
        .map((line) => line.split(':', 1)[0])
        .join(' ');
      return `load ${method} ${typeof path === 'string' ? path : '…'}: ${status} ${names} ${body?.length} ${body?.slice(0, 200)}`;
    }),
  );
}

function tallyOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Structured lines carry ids with the agent: that is what it promises, and the only thing that it adds. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => masked(withoutIds(line)).trimEnd())
    .filter((line) => line !== '');
}

function withoutIds(line: string): string {
  return line.replaceAll(/,?"(?:trace_id|span_id|correlation_id|saga_id)":"[^"]*"/g, '');
}

/**
 * A stack trace shows ten frames: those of the agent stand for some of Node's. Frames are left out, the error's own words
 * are not (README, named exceptions).
 */
const FRAMES = /(?:<br> (?:&nbsp; ?)*&nbsp;|(?:\\n|\n)? +)at [^\n<]*?(?:\([^()\n]*\)|:\d+:\d+)(?:\)|(?=\W|$))/g;

const MASKS: readonly [RegExp, string][] = [
  [FRAMES, ''],
  [/"(?:pid|responseTime|response_time|duration|time|reqId|remotePort|remote_port)":"?[^",}]*"?/gi, '<of this run>'],
  [/\d+\/\d+\/\d{4},? \d+:\d\d:\d\d [AP]M/g, '<time>'],
  [/\d+:\d\d:\d\d [AP]M/g, '<time>'],
  [/\(node:\d+\)/g, '(node)'],
  [/\bpid=\d+/g, 'pid'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d\d? \w{3} \d{4} \d\d:\d\d:\d\d(?: GMT)?/g, '<time>'],
  [/\d\d:\d\d:\d\d(?:[.,]\d+)?/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>'],
  [/\b[0-9a-f]{16,}\b/gi, '<hex>'],
  [/\b1[789]\d{8}(?:\d{3})?\b/g, '<time>'],
  [/\d+(?:\.\d+)? ?(?:ms|µs|s)\b/g, '<duration>'],
  [/\p{Cc}\[\d*(?:;\d+)*m/gu, ''],
];

function masked(text: string): string {
  return MASKS.reduce((rest, [pattern, instead]) => rest.replaceAll(pattern, instead), text);
}
