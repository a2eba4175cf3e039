import type { Context, Span } from '@opentelemetry/api';
import { activeContext, isSuppressed, spanOf } from '../context/context.js';
import { factsOf } from '../context/line-facts.js';
import { RemoteSpan } from '../context/remote-span.js';
import { withoutCaller } from '../context/trace-state.js';
import type { ProtoWriter } from '../encode/proto-writer.js';
import { encodeSpan } from '../encode/span.js';
import type { SignalQueue } from '../export/queue.js';
import type { Clock } from './clock.js';
import type { LogRecord } from './log-record.js';
import type { RandomIds } from './random-ids.js';
import { RecordedSpan } from './recorded-span.js';
import type { Recorder, StartSpan } from './recorder.js';
import type { Sampler } from './sampler.js';
import type { SpanLimits } from './span-limits.js';

const NO_TRACE_ID = '0'.repeat(32);
const NO_SPAN = new RemoteSpan({ traceId: NO_TRACE_ID, spanId: '0'.repeat(16), traceFlags: 0 });

export interface OwnRecorderParts {
  readonly clock: Clock;
  readonly ids: RandomIds;
  readonly sampler: Sampler;
  readonly limits: SpanLimits;
  readonly maxChars: number;
  /** Whether database statements keep the values in them. */
  readonly keepsValues: boolean;
  /** Absent when the signal is not exported. */
  readonly traces: SignalQueue | undefined;
  readonly logs: SignalQueue | undefined;
  readonly encodeLog: (writer: ProtoWriter, record: LogRecord, context: Context) => void;
}

/** The agent's own engine for spans and log records: straight from the record to protobuf, at `end()`. */
export class OwnRecorder implements Recorder {
  readonly logsEnabled: boolean;

  private silent = false;

  constructor(private readonly parts: OwnRecorderParts) {
    this.logsEnabled = parts.logs !== undefined;
  }

  /** From now on spans are somebody else's: what is started records nothing and is nobody's parent. */
  silenceSpans(): void {
    this.silent = true;
  }

  startSpan(start: StartSpan): Span {
    if (this.silent) return NO_SPAN;
    const { clock, ids, sampler, limits, traces } = this.parts;
    const context = start.parent ?? activeContext();
    const parentSpan = spanOf(context);
    const found = parentSpan?.spanContext();
    const parent = found === undefined || found.traceId === NO_TRACE_ID ? undefined : found;
    const traceId = parent?.traceId ?? ids.traceId();
    const isLocalChild = parentSpan instanceof RecordedSpan;
    const span = new RecordedSpan(
      {
        name: start.name,
        kind: start.kind,
        scope: start.scope,
        traceId,
        spanId: ids.spanId(),
        traceState: isLocalChild ? withoutCaller(parent?.traceState) : parent?.traceState,
        parentSpanId: parent?.spanId,
        parentIsRemote: parent?.isRemote === true,
        sampled: sampler(parent, traceId) && !isSuppressed(context),
        randomTraceId: parent === undefined || (parent.traceFlags & 2) === 2,
        exported: traces !== undefined,
        facts: factsOf(context, traceId),
        anchor: clock.anchor(),
        limits,
        onEnd: this.onEnd,
      },
      start.startTime,
    );
    if (start.attributes !== undefined) span.setAttributes(start.attributes);
    if (start.links !== undefined) for (const link of start.links) span.addLink(link);
    return span;
  }

  emitLog(record: LogRecord, context: Context = activeContext()): void {
    const { logs, encodeLog } = this.parts;
    if (logs === undefined || isSuppressed(context)) return;
    const writer = logs.open(record.scope);
    try {
      encodeLog(writer, record, context);
      logs.commit();
    } catch {
      // A getter of the application's threw: its line is lost, its request is not.
      logs.discard();
    }
  }

  private readonly onEnd = (span: RecordedSpan): void => {
    const { traces, maxChars, keepsValues } = this.parts;
    if (traces === undefined) return;
    const writer = traces.open(span.birth.scope);
    try {
      encodeSpan(writer, span, maxChars, keepsValues);
      traces.commit();
    } catch {
      traces.discard();
    }
  };
}
