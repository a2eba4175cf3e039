import type { AgentConfig } from '../config/config.js';
import type { Meter } from '../record/meter.js';
import type { Recorder } from '../record/recorder.js';

/** What an instrumentation gets: everything the agent can do for it. */
export interface Agent {
  readonly config: AgentConfig;
  readonly recorder: Recorder;
  readonly meter: Meter;
  /** Tells the user about a fault of the agent itself: one stderr line per distinct `code`, nothing more. */
  readonly warn: (code: string, message: string, cause?: unknown) => void;
}
