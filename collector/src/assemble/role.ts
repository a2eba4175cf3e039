import type { Logger } from 'pino';
import type { OrreryConfig } from '../config/schema.js';

/** The processes the collector is made of; each runs alone, too. */
export const ROLES = ['ingest', 'store', 'api'] as const;
export type RoleName = (typeof ROLES)[number];

export interface RoleContext {
  config: OrreryConfig;
  logger: Logger;
  version: string;
  /** Folder of the built dashboard that came with the program. */
  uiFolder: string;
  /** Where a checkout has the agent's built file. */
  agentFile: string;
}

export interface RunningRole {
  /** What it does now, in a few words with its address. */
  sentence: string;
  /** Finishes what is under way and gives everything back. */
  stop(): Promise<void>;
}

/** Starts one process's work; rejects when it cannot, with a sentence in the error. */
export type Role = (context: RoleContext) => Promise<RunningRole>;
