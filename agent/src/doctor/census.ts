import type { Context, Span } from '@opentelemetry/api';
import { activeContext, spanOf } from '../context/context.js';
import type { LogRecord } from '../record/log-record.js';
import { RecordedSpan } from '../record/recorded-span.js';
import type { Recorder, StartSpan } from '../record/recorder.js';

const SERVER = 1;
const CONSUMER = 4;
const NOT_FOUND = 404;

/** How complete correlation was, in numbers. */
export interface Census {
  /** HTTP requests that ended, without those answered by 404; `routed` had a route. */
  readonly requests: { total: number; routed: number };
  /** Messages by system; `continued` came with the context of their sender. */
  readonly messages: Record<string, { total: number; continued: number }>;
  /** Log records by who wrote them: with ids; without, while requests or messages were open; without, while none was. */
  readonly lines: Record<string, { withIds: number; lost: number; outside: number }>;
}

/** Counts what goes through a recorder. Only the doctor asks for it: a process without one does not pay for it. */
export class CensusTaker {
  readonly census: Census = { requests: { total: 0, routed: 0 }, messages: {}, lines: {} };
  private open = 0;

  around(recorder: Recorder): Recorder {
    return {
      logsEnabled: recorder.logsEnabled,
      startSpan: (start) => this.watch(recorder.startSpan(start), start),
      emitLog: (record, context) => {
        this.countLine(record, context ?? activeContext());
        recorder.emitLog(record, context);
      },
    };
  }

  private watch(span: Span, { kind, parent, attributes }: StartSpan): Span {
    if (!(span instanceof RecordedSpan) || (kind !== SERVER && kind !== CONSUMER)) return span;
    this.open++;
    if (kind === CONSUMER) {
      const messages = (this.census.messages[String(attributes?.['messaging.system'] ?? 'messages')] ??= {
        total: 0,
        continued: 0,
      });
      messages.total++;
      if (spanOf(parent ?? activeContext()) !== undefined) messages.continued++;
    }
    const end = span.end.bind(span);
    let hasEnded = false;
    span.end = (time) => {
      if (!hasEnded) {
        hasEnded = true;
        this.open--;
        if (kind === SERVER) this.countRequest(span);
      }
      end(time);
    };
    return span;
  }

  private countRequest(span: RecordedSpan): void {
    if (span.attribute('http.request.method') === undefined) return;
    if (span.attribute('http.response.status_code') === NOT_FOUND) return;
    this.census.requests.total++;
    if (span.attribute('http.route') !== undefined) this.census.requests.routed++;
  }

  private countLine({ scope, eventName }: LogRecord, context: Context): void {
    if (eventName !== undefined) return;
    const lines = (this.census.lines[scope.name] ??= { withIds: 0, lost: 0, outside: 0 });
    if (spanOf(context) !== undefined) lines.withIds++;
    else if (this.open > 0) lines.lost++;
    else lines.outside++;
  }
}
