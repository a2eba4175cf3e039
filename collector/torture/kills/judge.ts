import { decodeLogs } from '../../src/decode/decode-logs.js';
import { decodeMetrics } from '../../src/decode/decode-metrics.js';
import { decodeTraces } from '../../src/decode/decode-traces.js';
import { type AttributeSource, type AttributeValue, attributesObject, textAt } from '../../src/decode/text.js';
import { Signal } from '../../src/log/log-record.js';
import { projectLogs } from '../../src/project/project-logs.js';
import { projectMetrics } from '../../src/project/project-metrics.js';
import { projectTraces } from '../../src/project/project-traces.js';
import type { Projection } from '../../src/project/projection.js';
import { type ResourceFacts, resourceFacts } from '../../src/project/resource-facts.js';
import type { RowRanges } from '../../src/telemetry/attribute-columns.js';
import type { Fate } from './senders.js';
import type { Stored, Tally } from './stored.js';
import type { NumberedRequest, Telemetry } from './telemetry.js';

const SHOWN = 5;

export interface Verdict {
  /** One line for every kind of harm; empty when everything acknowledged is there exactly once. */
  faults: string[];
  acknowledged: number;
  items: number;
  /** Requests without an answer that are stored all the same: their sender may send them again. */
  storedUnknown: number;
}

/**
 * Holds what is stored against what the senders know. A request is stored once and as a whole, or not at all; an
 * acknowledged one is stored. Every projection says what the requests that are stored say, each counted once.
 */
export function judge(telemetry: Telemetry, fates: readonly Fate[], stored: Stored): Verdict {
  const lost: number[] = [];
  const twice: number[] = [];
  const torn: number[] = [];
  const expected = new Expected();
  let items = 0;
  let storedUnknown = 0;
  for (const [n, fate] of fates.entries()) {
    const request = telemetry.request(n);
    const found = stored.requests.get(n) ?? { items: 0, distinct: 0 };
    if (found.items > found.distinct) twice.push(n);
    else if (found.items > 0 && found.items < request.items) torn.push(n);
    else if (found.items === 0 && fate === 'acknowledged') lost.push(n);
    if (found.items === 0) continue;
    if (fate === 'unknown') storedUnknown += 1;
    items += request.items;
    expected.add(request);
  }
  const faults = [...stored.faults];
  const told = (what: string, of: number[]) => {
    if (of.length > 0) faults.push(`${of.length} requests ${what}: ${of.slice(0, SHOWN).join(', ')} …`);
  };
  told('were acknowledged and are lost', lost);
  told('are stored more than once', twice);
  told('are stored in part', torn);
  for (const [name, tally] of Object.entries(expected.projections)) {
    faults.push(...differences(name, tally, stored.projections[name] ?? new Map()));
  }
  return { faults, acknowledged: fates.filter((fate) => fate === 'acknowledged').length, items, storedUnknown };
}

function differences(name: string, expected: Tally, found: Tally): string[] {
  const wrong = [...new Set([...expected.keys(), ...found.keys()])].filter(
    (key) => expected.get(key) !== found.get(key),
  );
  if (wrong.length === 0) return [];
  const shown = wrong
    .slice(0, SHOWN)
    .map((key) => `${key}: ${found.get(key) ?? 0} instead of ${expected.get(key) ?? 0}`);
  return [`${name}: ${wrong.length} of ${expected.size} figures are wrong (${shown.join('; ')} …)`];
}

/** What requests say beyond their rows, each counted once: projections are pure functions of them. */
class Expected {
  readonly projections: Record<'red' | 'edges' | 'traces' | 'sagas' | 'breakers' | 'rows by sender', Tally> = {
    red: new Map(),
    edges: new Map(),
    traces: new Map(),
    sagas: new Map(),
    breakers: new Map(),
    'rows by sender': new Map(),
  };

  add(request: NumberedRequest): void {
    const { red, edges, traces, sagas, breakers } = this.projections;
    const said = project(request);
    for (const row of rowsOf(request)) count(this.projections['rows by sender'], row, { rows: 1 });
    for (const delta of said.red) {
      const key = [delta.service, delta.instance, delta.kind, delta.operation, delta.minuteMs].join(' ');
      count(red, key, { requests: delta.count, errors: delta.errors, durations: total(delta.durations) });
    }
    for (const delta of said.edges) {
      const key = [delta.source, delta.target, delta.kind, delta.side, delta.minuteMs].join(' ');
      count(edges, key, { calls: delta.count, errors: delta.errors, durations: total(delta.durations) });
    }
    for (const delta of said.traces) {
      count(traces, BigInt(`0x${delta.traceId}`).toString(), { spans: delta.spans, errors: delta.errors });
    }
    for (const fact of said.sagas) {
      count(sagas, [fact.sagaId, fact.event, fact.spanId, fact.timeNano].join(' '), { facts: 1 });
    }
    for (const fact of said.breakers) {
      count(breakers, [fact.service, fact.name, fact.instance, fact.kind, fact.timeNano].join(' '), { facts: 1 });
    }
  }
}

function project({ signal, plain }: NumberedRequest): Projection {
  if (signal === Signal.traces) return projectTraces(decodeTraces(plain).columns, [], 0n);
  if (signal === Signal.logs) return projectLogs(decodeLogs(plain).columns, [], 0n);
  return projectMetrics(decodeMetrics(plain).columns, 0n);
}

/** What the dictionaries must say of every row: who sent it, and its attributes. */
function rowsOf({ signal, plain }: NumberedRequest): string[] {
  const list = (length: number) => Array.from({ length }, (_, row) => row);
  if (signal === Signal.metrics) {
    const { columns } = decodeMetrics(plain);
    const { metrics, points, bytes } = columns;
    const senders = resourceFacts(columns);
    return list(points.count).map((row) => {
      const metric = points.metric[row] as number;
      const name = textAt(bytes, metrics.name.offset[metric] as number, metrics.name.length[metric] as number);
      const values = Object.values(attributesOf(columns, points.attribute, row)).join(',');
      return ['point', senderOf(senders, metrics.resource[metric]), name, values].join(' ');
    });
  }
  const { columns } = signal === Signal.traces ? decodeTraces(plain) : decodeLogs(plain);
  const senders = resourceFacts(columns);
  const kind = signal === Signal.traces ? 'span' : 'line';
  return list(columns.count).map((row) => {
    const keys = Object.keys(attributesOf(columns, columns.attribute, row)).join(',');
    return [kind, senderOf(senders, columns.resource[row]), keys].join(' ');
  });
}

function attributesOf(source: AttributeSource, ranges: RowRanges, row: number): Record<string, AttributeValue> {
  return attributesObject(source, ranges.from[row] as number, ranges.to[row] as number);
}

function senderOf(senders: readonly ResourceFacts[], resource: number | undefined): string {
  const sender = senders[resource ?? 0] as ResourceFacts;
  return `${sender.service} ${sender.instance}`;
}

function count(tally: Tally, key: string, figures: Record<string, number>): void {
  for (const [name, figure] of Object.entries(figures)) {
    if (figure > 0) tally.set(`${key} ${name}`, (tally.get(`${key} ${name}`) ?? 0) + figure);
  }
}

function total(buckets: ReadonlyMap<number, number>): number {
  return [...buckets.values()].reduce((sum, hits) => sum + hits, 0);
}
