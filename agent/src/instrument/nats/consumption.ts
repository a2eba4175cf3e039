import type { Attributes, Context, Span } from '@opentelemetry/api';
import { runInContext, withSpan } from '../../context/context.js';
import { contextFrom } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import { describe, fail, NATS_SCOPE } from './describe.js';
import type { Message } from './nats-types.js';

const CONSUMER = 4;

/** Where messages come from: what its spans are named after, and what else is known of it. */
export interface Source {
  readonly name: string;
  readonly attributesOf: (message: Message) => Attributes;
}

type Iterates = { [Symbol.asyncIterator]: () => AsyncIterator<Message> };

/**
 * Consumer spans, one a message, under where it was sent: around a callback, in whose context it runs; or, where the
 * application loops over messages, from being handed a message until it asks for the next. The loop's body is the
 * application's own function, which nothing can enter from outside: it takes the context out of the headers itself
 * (`withContext` of `@orrery/agent/context`).
 */
export class Consumption {
  private readonly sources = new WeakMap<object, Source>();

  constructor(private readonly agent: Agent) {}

  /** From now on each message that a loop over `messages` gets has a span. */
  ofLoop(messages: object, source: Source): void {
    this.sources.set(messages, source);
  }

  /** `handle` with a span around it and in the context of its message; `messageOf` finds that among the arguments. */
  ofCallback<Args extends unknown[]>(
    source: Source,
    handle: (...args: Args) => unknown,
    messageOf: (...args: Args) => Message | undefined,
  ): (...args: Args) => unknown {
    return (...args) => {
      const message = messageOf(...args);
      if (message === undefined) return handle(...args);
      const { span, context } = this.begin(source, message);
      return runInContext(context, () => {
        try {
          const result = handle(...args);
          if (result instanceof Promise) {
            result.then(
              () => span.end(),
              (error: unknown) => fail(span, error),
            );
          } else span.end();
          return result;
        } catch (error) {
          fail(span, error);
          throw error;
        }
      });
    };
  }

  /** The iterators of every subscription come from here; those nobody told of are left as they are. */
  observeLoops(prototype: Iterates): void {
    const { sources } = this;
    const iterate = prototype[Symbol.asyncIterator];
    const begin = (source: Source, message: Message): Span => this.begin(source, message).span;
    override(prototype, {
      [Symbol.asyncIterator](): AsyncIterator<Message> {
        const inner = iterate.call(this as never);
        const source = sources.get(this as never);
        return source === undefined ? inner : spanned(inner, (message) => begin(source, message));
      },
    });
  }

  private begin(source: Source, message: Message): { span: Span; context: Context } {
    const { headers } = message;
    // A broker is a system of one's own: trusted.
    const parent = contextFrom((name) => headers?.get(name) || undefined, true, this.agent.sender.formats);
    const span = this.agent.recorder.startSpan({
      name: `process ${source.name}`,
      kind: CONSUMER,
      scope: NATS_SCOPE,
      parent,
      attributes: { ...describe(message.subject, 'process', 'process'), ...source.attributesOf(message) },
    });
    return { span, context: withSpan(parent, span) };
  }
}

async function* spanned(
  messages: AsyncIterator<Message>,
  begin: (message: Message) => Span,
): AsyncGenerator<Message, void, undefined> {
  let span: Span | undefined;
  try {
    for await (const message of { [Symbol.asyncIterator]: () => messages }) {
      span = begin(message);
      yield message;
      span.end();
    }
  } finally {
    // Left by `break`, `return` or a throw.
    span?.end();
  }
}
