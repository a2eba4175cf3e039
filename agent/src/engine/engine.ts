import type { ContextManager, MeterProvider, TextMapPropagator } from '@opentelemetry/api';
import type { LoggerProvider } from '@opentelemetry/api-logs';
import type { AgentConfig } from '../config/config.js';
import type { FactsOf } from '../context/line-facts.js';
import type { Sender } from '../context/propagation.js';
import type { IsTrusted } from '../context/trusted-peers.js';
import type { Meter } from '../record/meter.js';
import type { Recorder } from '../record/recorder.js';
import type { Identity } from '../resource/identity.js';
import type { StandBack } from './stand-back.js';
import type { SpanRule } from './tracer-provider.js';

/** What an instrumentation gets: everything the agent can do for it. */
export interface Agent {
  readonly config: AgentConfig;
  readonly recorder: Recorder;
  readonly meter: Meter;
  readonly identity: Identity;
  readonly isTrusted: IsTrusted;
  readonly sender: Sender;
  readonly warn: Warn;
  readonly standBack: StandBack;
  /** What the agent put behind the OpenTelemetry logs API. */
  readonly loggerProvider: LoggerProvider;
  /** `work` runs when the process ends, before the last export; it must not wait for anything. */
  readonly atEnd: (work: () => void) => void;
}

/** Tells the user about a fault of the agent itself: one stderr line per distinct `code`, nothing more. */
export type Warn = (code: string, message: string, cause?: unknown) => void;

/**
 * What an engine is built from. Things with state or identity (the context, the recorder of logs) are handed over: an
 * engine in a file of its own would otherwise have a second copy of them.
 */
export interface EngineParts {
  readonly config: AgentConfig;
  readonly identity: Identity;
  readonly contextManager: ContextManager;
  readonly propagator: TextMapPropagator;
  readonly meterProvider: MeterProvider | undefined;
  readonly spanRules: readonly SpanRule[];
  readonly factsOf: FactsOf;
  /** The agent's own recorder: the whole of the own engine, and the logs of every other. */
  readonly own: Recorder;
  readonly warn: Warn;
  readonly standBack: StandBack;
}
