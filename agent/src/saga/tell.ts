import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api';
import { SagaName } from './names.js';

/** Moments of a saga and of its steps, told as events of a span. */
export type SagaEvent =
  | 'saga.started'
  | 'saga.step.started'
  | 'saga.step.succeeded'
  | 'saga.step.failed'
  | 'saga.step.compensating'
  | 'saga.step.compensated'
  | 'saga.awaiting_person'
  | 'saga.completed'
  | 'saga.compensated'
  | 'saga.failed';

// The order of what one process told, beyond the resolution of its clock: there is one such order in a process.
let sequence = 0;

/**
 * Tells a moment on the active span; where no span is recorded (a timer, a script) on a span of its own, because a saga
 * outlives requests and a moment must not be lost for want of one.
 */
export function tell(event: SagaEvent, attributes: Attributes): void {
  const told = { ...attributes, [SagaName.sequence]: ++sequence };
  const active = trace.getActiveSpan();
  if (active?.isRecording()) {
    active.addEvent(event, told);
    return;
  }
  const span = trace.getTracer('@orrery/agent/saga').startSpan(event);
  span.addEvent(event, told);
  if (event === 'saga.failed' || event === 'saga.step.failed') span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** What went wrong, as an attribute; empty for nothing. */
export function messageOf(error: unknown): Attributes {
  if (error === undefined) return {};
  return { [SagaName.message]: error instanceof Error ? error.message : String(error) };
}
