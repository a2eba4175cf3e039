import { afterAll, beforeAll } from 'vitest';
import type { LogRecord } from '../../src/log/log-record.js';
import type { SagaDefinition } from '../../src/project/saga/definition.js';
import type { FilterNode } from '../../src/query/ast.js';
import type { FilterSignal } from '../../src/query/columns.js';
import { parseFilter } from '../../src/query/parse-filter.js';
import type { SagaCaps } from '../../src/store/answers/saga-caps.js';
import type { TelemetryReader, TelemetryWriter } from '../../src/store/store.js';

export interface StoreUnderTest {
  writer: TelemetryWriter;
  reader: TelemetryReader;
  /** Stores a record that was set aside. */
  replay(record: LogRecord): Promise<{ stored: boolean }>;
  /** Closes it and opens the same data again, as a restart would. */
  reopen(): Promise<StoreUnderTest>;
  /** Closes it and removes what it kept. */
  close(): Promise<void>;
}

/** Opens a new, empty store. */
export type OpenStore = (options: { definitions: SagaDefinition[]; sagaCaps?: SagaCaps }) => Promise<StoreUnderTest>;

export const signal = new AbortController().signal;
/** Whole minute some time ago: event times of every test lie around it. */
export const T0_MS = Math.floor((Date.now() - 3 * 3_600_000) / 60_000) * 60_000;
export const range = { from_ms: T0_MS - 60_000, to_ms: T0_MS + 30 * 60_000 };
export const ranged = { range, nowMs: T0_MS + 20 * 60_000, environment: '' };

export function nano(offsetMs: number): bigint {
  return BigInt(T0_MS) * 1_000_000n + BigInt(Math.round(offsetMs * 1e6));
}

/** 32 hex digits that begin with the number. */
export function traceId(number: number): string {
  return number.toString(16).padStart(8, '0') + 'c0ffee'.repeat(4);
}

export function spanId(number: number): string {
  return number.toString(16).padStart(16, 'a');
}

export function filter(text: string, about: FilterSignal): FilterNode {
  const parsed = parseFilter(text, about);
  if (!('filter' in parsed)) throw new Error(`${text}: ${JSON.stringify(parsed)}`);
  return parsed.filter;
}

/** A store for the tests of one `describe`, filled once. */
export function storeFor(
  open: OpenStore,
  fill: (store: StoreUnderTest) => Promise<void>,
  definitions: SagaDefinition[] = [],
): () => StoreUnderTest {
  let store: StoreUnderTest | undefined;
  beforeAll(async () => {
    store = await open({ definitions });
    await fill(store);
  });
  afterAll(async () => {
    await store?.close();
  });
  return () => {
    if (!store) throw new Error('the store is not open');
    return store;
  };
}
