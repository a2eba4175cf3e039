import type { Attributes, Span } from '@opentelemetry/api';
import { BullMQOtel } from 'bullmq-otel';

const ERROR = 2;
/** What a queue does that the messaging conventions have a name for. */
const OPERATIONS: Readonly<Record<string, string>> = {
  add: 'send',
  addBulk: 'send',
  addFlow: 'send',
  addBulkFlows: 'send',
  process: 'process',
};

/**
 * Not an instrumentation: what BullMQ itself calls. It gets what `bullmq-otel` leaves out: the conventions' names of
 * queue and operation, and the status of a job that failed.
 */
export const create = (): BullMQOtel => {
  const telemetry = new BullMQOtel({ tracerName: 'bullmq-otel' });
  const { tracer } = telemetry;
  const startSpan = tracer.startSpan.bind(tracer);
  tracer.startSpan = (name, options, context) => {
    const told = startSpan(name, options, context) as ReturnType<typeof startSpan> & { readonly span: Span };
    const { span } = told;
    const setAttributes = told.setAttributes.bind(told);
    told.setAttributes = (attributes) => {
      setAttributes(attributes);
      span.setAttributes(inConventions(attributes as Attributes));
    };
    const addEvent = told.addEvent.bind(told);
    told.addEvent = (event, attributes) => {
      addEvent(event, attributes);
      if (event === 'job failed') span.setStatus({ code: ERROR });
    };
    return told;
  };
  return telemetry;
};

function inConventions(attributes: Attributes): Attributes {
  const queue = attributes['bullmq.queue.name'];
  const type = OPERATIONS[String(attributes['bullmq.queue.operation'])];
  if (queue === undefined || type === undefined) return {};
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queue,
    'messaging.operation.type': type,
    'messaging.operation.name': attributes['bullmq.queue.operation'],
  };
}
