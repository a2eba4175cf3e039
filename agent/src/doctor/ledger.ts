import { writeSync } from 'node:fs';
import type { Census } from './census.js';

/** Variable that says on which file descriptor the doctor listens. Not an option: only the doctor sets it. */
export const DOCTOR_FD = 'ORRERY_DOCTOR_FD';

/** What the agent tells the doctor while the application runs. */
export type LedgerEntry =
  | {
      readonly kind: 'start';
      readonly agent: string;
      readonly node: string;
      readonly service: string;
      readonly engine: string;
      readonly thread: 'main' | 'worker';
    }
  /** A built-in module, or something that works without being loaded. */
  | { readonly kind: 'started'; readonly name: string }
  | { readonly kind: 'disabled'; readonly name: string }
  | { readonly kind: 'library'; readonly name: string; readonly version: string; readonly directory: string }
  | { readonly kind: 'warning'; readonly code: string; readonly message: string }
  /** CommonJS packages of the process, by name and version. */
  | { readonly kind: 'packages'; readonly packages: readonly string[] }
  | { readonly kind: 'end'; readonly sent: Counts; readonly dropped: Counts; readonly census: Census };

export interface Counts {
  readonly traces: number;
  readonly logs: number;
  readonly metrics: number;
}

export type Ledger = (entry: LedgerEntry) => void;

/** Writes each entry at once as a line of JSON: the process may end at any moment. Nobody listening is no fault. */
export function ledgerTo(environment: Readonly<Record<string, string | undefined>>): Ledger | undefined {
  const text = environment[DOCTOR_FD];
  if (text === undefined || !/^\d{1,4}$/.test(text)) return undefined;
  const descriptor = Number(text);
  return (entry) => {
    try {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    } catch {
      // A child of the application inherits the variable but not the descriptor.
    }
  };
}
