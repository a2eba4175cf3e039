import type { CollectorAnswer } from './ask-collector.js';
import type { Census } from './census.js';
import { type Completeness, completenessOf } from './completeness.js';
import { GAPS } from './gaps.js';
import type { LedgerEntry } from './ledger.js';
import type { ApplicationRun } from './run-application.js';

export interface Library {
  readonly name: string;
  readonly version: string;
  readonly state: 'observed' | 'left alone' | 'switched off';
  /** Why it is not observed. */
  readonly reason: string;
}

/** What the doctor found. `ok` is false when something keeps telemetry from arriving or a library from being seen. */
export interface Findings {
  readonly ok: boolean;
  readonly agent: string;
  readonly node: string;
  readonly service: string;
  readonly engine: string;
  readonly collector: readonly CollectorAnswer[];
  readonly builtIns: readonly string[];
  readonly libraries: readonly Library[];
  /** Loaded packages through which context or lines are lost, and what to do. */
  readonly gaps: readonly { readonly name: string; readonly advice: string }[];
  readonly completeness: Completeness;
  readonly warnings: readonly string[];
  readonly sent: { readonly traces: number; readonly logs: number; readonly metrics: number } | null;
  readonly dropped: { readonly traces: number; readonly logs: number; readonly metrics: number } | null;
  readonly ended: ApplicationRun['ended'];
}

const NOTHING: Census = { requests: { total: 0, routed: 0 }, messages: {}, lines: {} };
const LARGEST_OFFSET_MS = 2000;
const CRASHED = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL']);

export function findingsOf(run: ApplicationRun, collector: readonly CollectorAnswer[]): Findings {
  const of = <Kind extends LedgerEntry['kind']>(kind: Kind): Extract<LedgerEntry, { kind: Kind }>[] =>
    run.entries.filter((entry): entry is Extract<LedgerEntry, { kind: Kind }> => entry.kind === kind);
  const [start] = of('start');
  const warnings = of('warning');
  const end = of('end').at(-1);
  const libraries = distinct(of('library')).map(({ name, version }) => libraryState(name, version, warnings));
  for (const { name } of of('disabled')) {
    libraries.push({ name, version: '', state: 'switched off', reason: 'OTEL_NODE_DISABLED_INSTRUMENTATIONS' });
  }
  const packages = of('packages').at(-1)?.packages ?? [];
  const observed = new Set(libraries.filter(({ state }) => state === 'observed').map(({ name }) => name));
  const gaps = packages
    .map((id) => id.slice(0, id.lastIndexOf('@')))
    .flatMap((name) => (name in GAPS && !observed.has(name) ? [{ name, advice: GAPS[name] ?? '' }] : []));
  const told = warnings.map(({ message }) => message);
  if (start === undefined) told.push('the agent did not start in the application');
  for (const { url, clockOffsetMs } of collector) {
    if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > LARGEST_OFFSET_MS)
      told.push(`the clock of ${new URL(url).host} is ${Math.round(clockOffsetMs / 1000)} s off this machine's`);
  }
  const failed = libraries.some(({ state }) => state === 'left alone');
  const crashed = run.ended !== null && run.ended.signal !== null && CRASHED.has(run.ended.signal);
  return {
    ok: start !== undefined && collector.every(({ ok }) => ok) && !failed && !crashed && told.length === 0,
    agent: start?.agent ?? '',
    node: start?.node ?? process.version,
    service: start?.service ?? '',
    engine: start?.engine ?? '',
    collector,
    builtIns: [...new Set(of('started').map(({ name }) => name))],
    libraries,
    gaps: distinct(gaps),
    completeness: completenessOf(end?.census ?? NOTHING),
    warnings: [...new Set(told)],
    sent: end?.sent ?? null,
    dropped: end?.dropped ?? null,
    ended: run.ended,
  };
}

function libraryState(name: string, version: string, warnings: readonly { code: string; message: string }[]): Library {
  const warning = warnings.find(
    ({ code }) => code === `version ${name}` || code === `patch ${name}` || code === `otel ${name}`,
  );
  return warning === undefined
    ? { name, version, state: 'observed', reason: '' }
    : { name, version, state: 'left alone', reason: warning.message };
}

function distinct<Item extends { readonly name: string; readonly version?: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [`${item.name}@${item.version ?? ''}`, item])).values()];
}
