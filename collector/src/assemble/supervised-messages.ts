import type { OrreryConfig } from '../config/schema.js';

/** From the supervisor to a process it started. */
export type ToRole = { kind: 'start'; config: OrreryConfig } | { kind: 'stop' };

/** From such a process to its supervisor. `failed` is a sentence for a person; the process ends after it. */
export type FromRole = { kind: 'running'; sentence: string } | { kind: 'failed'; sentence: string };
