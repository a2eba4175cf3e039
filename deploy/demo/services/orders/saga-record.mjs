import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * What happens to a saga, told as plain span attributes and events through the public OpenTelemetry API.
 *
 * @typedef {{ id: string, name: string, version: string, orderId: string }} Saga
 * @typedef {{ name: string, index: number, kind: 'action' | 'compensation', attempt: number }} Step
 *   a compensation bears the name of the step it undoes
 */

const tracer = trace.getTracer('orders');
let sequence = 0;

/** @param {Saga} saga */
function sagaAttributes({ id, name, version, orderId }) {
  return {
    'saga.id': id,
    'saga.name': name,
    'saga.version': version,
    'saga.type': 'orchestration',
    'order.id': orderId,
  };
}

/** @param {Saga} saga @param {Step} step */
function stepAttributes(saga, { name, index, kind, attempt }) {
  return {
    ...sagaAttributes(saga),
    'saga.step.name': name,
    'saga.step.index': index,
    'saga.step.kind': kind,
    'saga.step.attempt': attempt,
  };
}

/**
 * Tells a fact about the saga as a whole, on the span that is active.
 * @param {'saga.started' | 'saga.completed' | 'saga.compensated' | 'saga.failed' | 'saga.awaiting_person'} event
 * @param {Saga} saga
 * @param {import('@opentelemetry/api').Attributes} [more]
 */
export function recordSaga(event, saga, more = {}) {
  const attributes = { ...sagaAttributes(saga), 'saga.event.sequence': ++sequence, ...more };
  trace.getActiveSpan()?.addEvent(event, attributes);
}

/**
 * Tells a fact about one step, on the span that is active.
 * @param {'saga.step.started' | 'saga.step.succeeded' | 'saga.step.failed' | 'saga.step.compensating' | 'saga.step.compensated'} event
 * @param {Saga} saga
 * @param {Step} step
 * @param {import('@opentelemetry/api').Attributes} [more]
 */
export function recordStep(event, saga, step, more = {}) {
  const attributes = { ...stepAttributes(saga, step), 'saga.event.sequence': ++sequence, ...more };
  trace.getActiveSpan()?.addEvent(event, attributes);
}

/**
 * Does a piece of the saga's work in a span of its own, with the saga's identity in the baggage,
 * so that whoever is called knows which saga the call is for.
 * @template T
 * @param {string} spanName
 * @param {Saga} saga
 * @param {Step | undefined} step
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function inSaga(spanName, saga, step, work) {
  const baggage = (propagation.getActiveBaggage() ?? propagation.createBaggage())
    .setEntry('saga.id', { value: saga.id })
    .setEntry('saga.name', { value: saga.name });
  const attributes = step ? stepAttributes(saga, step) : sagaAttributes(saga);
  const within = propagation.setBaggage(context.active(), baggage);
  return tracer.startActiveSpan(spanName, { attributes }, within, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}
