import type {
  Attributes,
  Context,
  Span,
  SpanKind,
  SpanOptions,
  Tracer,
  TracerOptions,
  TracerProvider,
} from '@opentelemetry/api';
import { activeContext, runInContext, SPAN_KEY, spanOf, withSpan } from '../context/context.js';
import type { Recorder } from '../record/recorder.js';
import type { Scope } from '../record/scope.js';

/** What is done with the spans that a library makes through the API itself. */
export interface SpanRule {
  /** Name of its tracer. */
  readonly scope: string;
  /** What it should be called, when it was given no name that a person could group by. */
  readonly nameOf?: (name: string, attributes: Attributes | undefined) => string;
  readonly kindOf?: (kind: SpanKind, parent: Span | undefined) => SpanKind;
  readonly started?: (span: Span, parent: Span | undefined, attributes: Attributes | undefined) => void;
}

/** The API's tracer provider over a recorder of ours. */
export class AgentTracerProvider implements TracerProvider {
  private readonly tracers = new Map<string, AgentTracer>();
  private successor: TracerProvider | undefined;

  constructor(
    private readonly recorder: Recorder,
    private readonly rules: readonly SpanRule[] = [],
  ) {}

  /** Tracers handed out before the application started its own SDK are tracers of that one from then on. */
  giveWayTo(successor: TracerProvider): void {
    this.successor = successor;
    for (const tracer of this.tracers.values()) tracer.giveWayTo(successor);
  }

  getTracer(name: string, version = '', options?: TracerOptions): Tracer {
    if (this.successor !== undefined) return this.successor.getTracer(name, version, options);
    const key = `${name}@${version}@${options?.schemaUrl ?? ''}`;
    const known = this.tracers.get(key);
    if (known !== undefined) return known;
    const schemaUrl = options?.schemaUrl;
    const tracer = new AgentTracer(
      this.recorder,
      schemaUrl === undefined ? { name, version } : { name, version, schemaUrl },
      this.rules.find(({ scope }) => scope === name),
    );
    this.tracers.set(key, tracer);
    return tracer;
  }
}

class AgentTracer implements Tracer {
  private successor: Tracer | undefined;

  constructor(
    private readonly recorder: Recorder,
    private readonly scope: Scope,
    private readonly rule: SpanRule | undefined,
  ) {}

  giveWayTo(provider: TracerProvider): void {
    const { name, version, schemaUrl } = this.scope;
    this.successor = provider.getTracer(name, version, schemaUrl === undefined ? undefined : { schemaUrl });
  }

  startSpan(name: string, options: SpanOptions = {}, context: Context = activeContext()): Span {
    if (this.successor !== undefined) return this.successor.startSpan(name, options, context);
    const { kind = 0, attributes, links, startTime, root } = options;
    const parent = root === true ? context.deleteValue(SPAN_KEY) : context;
    const { rule } = this;
    const span = this.recorder.startSpan({
      name: rule?.nameOf?.(name, attributes) ?? name,
      kind: rule?.kindOf?.(kind, spanOf(parent)) ?? kind,
      scope: this.scope,
      parent,
      attributes,
      links,
      startTime,
    });
    rule?.started?.(span, spanOf(parent), attributes);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: unknown[]): ReturnType<F> {
    if (this.successor !== undefined) {
      const given = [name, ...rest] as unknown as Parameters<Tracer['startActiveSpan']>;
      return this.successor.startActiveSpan(...given) as ReturnType<F>;
    }
    const work = rest.pop() as F;
    const [options, given] = rest as [SpanOptions?, Context?];
    const context = given ?? activeContext();
    const span = this.startSpan(name, options, context);
    return runInContext(withSpan(context, span), () => work(span)) as ReturnType<F>;
  }
}
