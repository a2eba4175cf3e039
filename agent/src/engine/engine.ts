import type { Context, MeterProvider } from '@opentelemetry/api';
import type { AgentConfig } from '../config/config.js';
import type { IsTrusted } from '../context/trusted-peers.js';
import type { ProtoWriter } from '../encode/proto-writer.js';
import type { LogRecord } from '../record/log-record.js';
import type { Meter } from '../record/meter.js';
import type { Recorder } from '../record/recorder.js';
import type { Identity } from '../resource/identity.js';
import type { Outlet } from './outlet.js';

/** What an instrumentation gets: everything the agent can do for it. */
export interface Agent {
  readonly config: AgentConfig;
  readonly recorder: Recorder;
  readonly meter: Meter;
  readonly identity: Identity;
  readonly isTrusted: IsTrusted;
  readonly warn: Warn;
}

/** Tells the user about a fault of the agent itself: one stderr line per distinct `code`, nothing more. */
export type Warn = (code: string, message: string, cause?: unknown) => void;

/** What an engine is built from. */
export interface EngineParts {
  readonly config: AgentConfig;
  readonly identity: Identity;
  readonly outlet: Outlet;
  readonly encodeLog: (writer: ProtoWriter, record: LogRecord, context: Context) => void;
  readonly meterProvider: MeterProvider | undefined;
  readonly warn: Warn;
}
