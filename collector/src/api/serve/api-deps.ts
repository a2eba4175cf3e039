import type { Registry } from 'prom-client';
import type { ControlStore } from '../../control/control-store.js';
import type { LetterDesk } from '../../store/set-aside/letter-desk.js';
import type { TelemetryReader } from '../../store/store.js';
import type { SystemHealth } from './system-health.js';

/** Everything the API is handed. */
export interface ApiDeps {
  reader: TelemetryReader;
  letters: LetterDesk;
  control: ControlStore;
  health: SystemHealth;
  registry: Registry;
  facts: ApiFacts;
  limits: ApiLimits;
}

export interface ApiFacts {
  version: string;
  store: 'duckdb' | 'elasticsearch';
  startedMs: number;
  endpoints: { otlp_http: string; ui: string; agent: string };
  loopback: boolean;
  allowedHosts: readonly string[];
  /** Folder of the built dashboard; it need not be there. */
  uiFolder: string;
}

export interface ApiLimits {
  queryTimeoutMs: number;
  bodyBytes: number;
  streams: number;
  /** A live tail whose client takes nothing for so long, although much waits for it, is cut off. */
  streamStallMs: number;
}
