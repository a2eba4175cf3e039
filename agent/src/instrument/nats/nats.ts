import type { Attributes } from '@opentelemetry/api';
import { activeContext } from '../../context/context.js';
import { outgoingHeaders } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import type { Instrumentation } from '../instrumentation.js';
import { Consumption, type Source } from './consumption.js';
import { describe, fail, NATS_SCOPE } from './describe.js';
import type { Connection, Headers, PullConsumer, WithHeaders } from './nats-types.js';

const PRODUCER = 3;

/**
 * nats 2, `@nats-io/nats-core` and `@nats-io/jetstream` 3 (no OpenTelemetry instrumentation is published for them). A
 * producer span for each publish and request, context in the message's headers, a consumer span for each message.
 */
export const nats: readonly Instrumentation[] = natsWith();

function natsWith(): Instrumentation[] {
  let consumption: Consumption | undefined;
  const consumptionOf = (agent: Agent): Consumption => (consumption ??= new Consumption(agent));
  return [
    {
      library: 'nats',
      versions: ['2.0.0', '3.0.0'],
      files: (agent, { require }) =>
        new Map([
          ...coreFiles(agent, consumptionOf(agent), require, 'lib/nats-base-client/'),
          ...jetStreamFiles(consumptionOf(agent), 'lib/jetstream/'),
        ]),
    },
    {
      library: '@nats-io/nats-core',
      versions: ['3.0.0', '4.0.0'],
      files: (agent, { require }) => new Map(coreFiles(agent, consumptionOf(agent), require, 'lib/')),
    },
    {
      library: '@nats-io/jetstream',
      versions: ['3.0.0', '4.0.0'],
      files: (agent) => new Map(jetStreamFiles(consumptionOf(agent), 'lib/')),
    },
  ];
}

type OnFile = [path: string, patch: (exports: unknown) => void];

function coreFiles(
  agent: Agent,
  consumption: Consumption,
  require: (path: string) => unknown,
  folder: string,
): OnFile[] {
  const makeHeaders = (): Headers => (require(`./${folder}headers.js`) as { headers: () => Headers }).headers();
  return [
    [
      `${folder}nats.js`,
      (exports) => {
        const { NatsConnectionImpl } = exports as { NatsConnectionImpl: { prototype: Connection } };
        patchSending(NatsConnectionImpl.prototype, agent, makeHeaders);
        patchSubscribe(NatsConnectionImpl.prototype, consumption);
      },
    ],
    [
      `${folder}queued_iterator.js`,
      (exports) => {
        const { QueuedIteratorImpl } = exports as {
          QueuedIteratorImpl: { prototype: Parameters<Consumption['observeLoops']>[0] };
        };
        consumption.observeLoops(QueuedIteratorImpl.prototype);
      },
    ],
  ];
}

function jetStreamFiles(consumption: Consumption, folder: string): OnFile[] {
  return [
    [
      `${folder}consumer.js`,
      (exports) => {
        const { PullConsumerImpl } = exports as { PullConsumerImpl?: { prototype: PullConsumer } };
        // Before nats 2.13 there is none.
        if (PullConsumerImpl !== undefined) patchPullConsumer(PullConsumerImpl.prototype, consumption);
      },
    ],
  ];
}

function patchSending(prototype: Connection, agent: Agent, makeHeaders: () => Headers): void {
  const publish = Reflect.get(prototype, 'publish') as Connection['publish'];
  const request = Reflect.get(prototype, 'request') as Connection['request'];
  const { sender } = agent;
  /** A request publishes its question itself. */
  let isRequesting = false;

  const begin = (connection: Connection, subject: string, name: string, options: WithHeaders | undefined) => {
    const parent = activeContext();
    const attributes = describe(subject, 'send', name);
    const span = agent.recorder.startSpan({
      name: `${name} ${subject}`,
      kind: PRODUCER,
      scope: NATS_SCOPE,
      parent,
      attributes,
    });
    const headers = options?.headers ?? (connection.info?.headers === false ? undefined : makeHeaders());
    if (headers === undefined) return { span, options };
    for (const [key, value] of outgoingHeaders(parent, span.spanContext(), sender, true)) headers.set(key, value);
    return { span, options: { ...options, headers } };
  };

  override(prototype, {
    publish(this: Connection, subject, data, given) {
      if (isRequesting || !isOfApplication(this, subject)) return publish.call(this, subject, data, given);
      const { span, options } = begin(this, subject, 'publish', given);
      try {
        publish.call(this, subject, data, options);
        span.end();
      } catch (error) {
        fail(span, error);
        throw error;
      }
    },
  });

  override(prototype, {
    request(this: Connection, subject, data, given) {
      if (!isOfApplication(this, subject)) return request.call(this, subject, data, given);
      const { span, options } = begin(this, subject, 'request', given);
      isRequesting = true;
      try {
        const answer =
          options === undefined ? request.call(this, subject, data) : request.call(this, subject, data, options);
        // A branch of our own: a rejection stays the application's.
        answer.then(
          () => span.end(),
          (error: unknown) => fail(span, error),
        );
        return answer;
      } finally {
        isRequesting = false;
      }
    },
  });
}

function patchSubscribe(prototype: Connection, consumption: Consumption): void {
  const subscribe = Reflect.get(prototype, 'subscribe') as Connection['subscribe'];
  override(prototype, {
    subscribe(this: Connection, subject, options) {
      if (!isOfApplication(this, subject)) return subscribe.call(this, subject, options);
      const source: Source = { name: subject, attributesOf: (message) => template(subject, message.subject) };
      const callback = options?.callback;
      if (callback === undefined) {
        const messages = subscribe.call(this, subject, options);
        consumption.ofLoop(messages, source);
        return messages;
      }
      const observed = consumption.ofCallback(source, callback, (error, message) => (error ? undefined : message));
      return subscribe.call(this, subject, { ...options, callback: observed });
    },
  });
}

/** JetStream's pull consumers: `consume` with a callback or a loop, `fetch`, and `next`, which fetches one. */
function patchPullConsumer(prototype: PullConsumer, consumption: Consumption): void {
  const consume = Reflect.get(prototype, 'consume') as PullConsumer['consume'];
  const fetch = Reflect.get(prototype, 'fetch') as PullConsumer['fetch'];
  const sourceOf = ({ stream, name }: PullConsumer): Source => ({
    name: stream,
    attributesOf: () => ({ 'messaging.consumer.group.name': name, 'messaging.destination.template': stream }),
  });
  const loopOf = (consumer: PullConsumer, asked: Promise<object>): Promise<object> => {
    const source = sourceOf(consumer);
    return asked.then((messages) => {
      consumption.ofLoop(messages, source);
      return messages;
    });
  };

  override(prototype, {
    consume(this: PullConsumer, ...args) {
      const [options] = args;
      if (typeof options?.callback !== 'function') return loopOf(this, consume.apply(this, args));
      const callback = consumption.ofCallback(sourceOf(this), options.callback, (message) => message);
      return consume.call(this, { ...options, callback });
    },
  });
  override(prototype, {
    fetch(this: PullConsumer, ...args) {
      return loopOf(this, fetch.apply(this, args));
    },
  });
}

/** Answers go to inboxes, and what begins with `$` is between client and server: neither is a destination of the application. */
function isOfApplication(connection: Connection, subject: unknown): boolean {
  if (typeof subject !== 'string' || subject.startsWith('$')) return false;
  return !subject.startsWith(connection.options?.inboxPrefix ?? '_INBOX');
}

/** A subscription with wildcards: the low-cardinality name of what it gets. */
function template(subscribed: string, subject: string): Attributes {
  return subscribed === subject ? {} : { 'messaging.destination.template': subscribed };
}
