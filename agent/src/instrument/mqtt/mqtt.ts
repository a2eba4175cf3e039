import type { EventEmitter } from 'node:events';
import type { Context, Span } from '@opentelemetry/api';
import { activeContext, runInContext, withSpan } from '../../context/context.js';
import type { Formats } from '../../context/formats.js';
import { contextFrom, outgoingHeaders } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { behind, override } from '../../hook/override.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';
import { cloudEventOf, EXTENSIONS, textField } from './cloud-event.js';

const SCOPE: Scope = { name: '@orrery/agent/mqtt', version: AGENT_VERSION };
const PRODUCER = 3;
const CONSUMER = 4;
const ERROR = 2;
const MQTT_5 = 5;
/** Where a CloudEvent has what headers have. */
const FIELDS: Readonly<Record<string, string>> = {
  traceparent: EXTENSIONS.traceparent,
  tracestate: EXTENSIONS.tracestate,
  baggage: EXTENSIONS.baggage,
  'x-correlation-id': EXTENSIONS.correlation,
};

type UserProperties = Record<string, string | string[]>;
interface Client extends EventEmitter {
  readonly options: {
    readonly protocolVersion?: number;
    readonly host?: string;
    readonly hostname?: string;
    readonly port?: number;
  };
  publish: Publish;
}
type Publish = (this: Client, topic: string, payload: unknown, options?: unknown, callback?: unknown) => Client;
interface PublishOptions {
  properties?: { userProperties?: UserProperties };
}
interface Packet {
  readonly properties?: { readonly userProperties?: UserProperties };
}
type Sent = (error?: Error) => void;

/**
 * mqtt 5. A producer span for each publish, a consumer span around the listeners of each message. Context travels in
 * MQTT 5's user properties; MQTT 3.1.1 has no headers, so there it travels in CloudEvents and in nothing else.
 * A broker is a system of one's own: it counts as trusted.
 */
export const mqtt: Instrumentation = {
  library: 'mqtt',
  versions: ['5.0.0', '6.0.0'],
  patch: (exports, agent) => {
    const { MqttClient } = exports as { MqttClient: { prototype: Client } };
    patchPublish(MqttClient.prototype, agent);
    patchEmit(MqttClient.prototype, agent);
  },
};

function patchPublish(prototype: Client, agent: Agent): void {
  const publish = Reflect.get(prototype, 'publish') as Publish;
  const { sender } = agent;
  override(prototype, {
    publish(this: Client, topic, payload, options, callback) {
      const given = typeof options === 'function' ? undefined : (options as PublishOptions | undefined);
      const sent = (typeof options === 'function' ? options : callback) as Sent | undefined;
      const parent = activeContext();
      const span = agent.recorder.startSpan({
        name: `publish ${topic}`,
        kind: PRODUCER,
        scope: SCOPE,
        parent,
        attributes: describe(this, topic, 'send'),
      });
      const carried = carry(this, payload, given, outgoingHeaders(parent, span.spanContext(), sender, true));
      return publish.call(this, topic, carried.payload, carried.options ?? {}, (error?: Error) => {
        finish(span, error);
        if (sent !== undefined) runInContext(parent, () => sent(error));
      });
    },
  });
}

/** The same message with context in it, where it has room for one. */
function carry(
  client: Client,
  payload: unknown,
  options: PublishOptions | undefined,
  headers: [string, string][],
): { payload: unknown; options: PublishOptions | undefined } {
  if (client.options.protocolVersion === MQTT_5) {
    const userProperties = { ...Object.fromEntries(headers), ...options?.properties?.userProperties };
    return { payload, options: { ...options, properties: { ...options?.properties, userProperties } } };
  }
  const event = cloudEventOf(payload);
  if (event === undefined) return { payload, options };
  const of = new Map(headers);
  for (const [header, field] of [
    ['traceparent', EXTENSIONS.traceparent],
    ['tracestate', EXTENSIONS.tracestate],
    ['baggage', EXTENSIONS.baggage],
    ['x-correlation-id', EXTENSIONS.correlation],
  ] as const) {
    const value = of.get(header);
    if (value !== undefined && value !== '') event[field] ??= value;
  }
  const text = JSON.stringify(event);
  return { payload: typeof payload === 'string' ? text : Buffer.from(text), options };
}

function patchEmit(prototype: Client, agent: Agent): void {
  const above = behind(prototype, 'emit') as { emit: (this: Client, event: string, ...args: unknown[]) => boolean };
  override(prototype, {
    emit(this: Client, event: string, ...args: unknown[]) {
      if (event !== 'message') return above.emit.call(this, event, ...args);
      const [topic, payload, packet] = args as [string, unknown, Packet | undefined];
      const parent = contextOf(packet, payload, agent.sender.formats);
      const span = agent.recorder.startSpan({
        name: `process ${topic}`,
        kind: CONSUMER,
        scope: SCOPE,
        parent,
        attributes: describe(this, topic, 'process'),
      });
      return runInContext(withSpan(parent, span), () => deliver(this, args, span));
    },
  });
}

/** What `emit` does, keeping the promises of asynchronous listeners: the span ends when the last of them is settled. */
function deliver(client: Client, args: unknown[], span: Span): boolean {
  const listeners = client.rawListeners('message') as ((...args: unknown[]) => unknown)[];
  const pending: Promise<unknown>[] = [];
  try {
    for (const listener of listeners) {
      const result = listener.apply(client, args);
      if (result instanceof Promise) pending.push(result);
    }
  } catch (error) {
    finish(span, error);
    throw error;
  }
  if (pending.length === 0) finish(span, undefined);
  else {
    // A branch of our own: a rejection stays unhandled for the application, as it was.
    Promise.allSettled(pending).then(
      (results) => finish(span, results.find((result) => result.status === 'rejected')?.reason),
      () => undefined,
    );
  }
  return listeners.length > 0;
}

function contextOf(packet: Packet | undefined, payload: unknown, formats: Formats): Context {
  const properties = packet?.properties?.userProperties;
  const event = properties?.['traceparent'] === undefined ? cloudEventOf(payload) : undefined;
  const read = (header: string): string | undefined => {
    const value = properties?.[header];
    const field = FIELDS[header];
    return (Array.isArray(value) ? value[0] : value) ?? (event && field && textField(event, field));
  };
  return contextFrom(read, true, formats);
}

function describe(client: Client, topic: string, type: 'send' | 'process'): Record<string, string | number> {
  const { host, hostname, port } = client.options;
  return {
    'messaging.system': 'mqtt',
    'messaging.destination.name': topic,
    'messaging.operation.type': type,
    'messaging.operation.name': type === 'send' ? 'publish' : 'process',
    ...((hostname ?? host) === undefined ? {} : { 'server.address': String(hostname ?? host) }),
    ...(port === undefined ? {} : { 'server.port': Number(port) }),
  };
}

function finish(span: Span, error: unknown): void {
  if (error !== undefined && error !== null) {
    span.recordException(error instanceof Error ? error : 'publish failed');
    span.setStatus({ code: ERROR, message: error instanceof Error ? error.message : 'publish failed' });
    span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
  }
  span.end();
}
