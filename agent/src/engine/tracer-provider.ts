import type { Context, Span, SpanOptions, Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { activeContext, runInContext, SPAN_KEY, withSpan } from '../context/context.js';
import type { Recorder, Scope } from '../record/recorder.js';

/** The API's tracer provider over a recorder of ours. */
export class AgentTracerProvider implements TracerProvider {
  private readonly tracers = new Map<string, Tracer>();

  constructor(private readonly recorder: Recorder) {}

  getTracer(name: string, version = '', options?: TracerOptions): Tracer {
    const key = `${name}@${version}@${options?.schemaUrl ?? ''}`;
    const known = this.tracers.get(key);
    if (known !== undefined) return known;
    const schemaUrl = options?.schemaUrl;
    const tracer = new AgentTracer(
      this.recorder,
      schemaUrl === undefined ? { name, version } : { name, version, schemaUrl },
    );
    this.tracers.set(key, tracer);
    return tracer;
  }
}

class AgentTracer implements Tracer {
  constructor(
    private readonly recorder: Recorder,
    private readonly scope: Scope,
  ) {}

  startSpan(name: string, options: SpanOptions = {}, context: Context = activeContext()): Span {
    const { kind = 0, attributes, links, startTime, root } = options;
    return this.recorder.startSpan({
      name,
      kind,
      scope: this.scope,
      parent: root === true ? context.deleteValue(SPAN_KEY) : context,
      ...(attributes === undefined ? {} : { attributes }),
      ...(links === undefined ? {} : { links }),
      ...(startTime === undefined ? {} : { startTime }),
    });
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: unknown[]): ReturnType<F> {
    const work = rest.pop() as F;
    const [options, given] = rest as [SpanOptions?, Context?];
    const context = given ?? activeContext();
    const span = this.startSpan(name, options, context);
    return runInContext(withSpan(context, span), () => work(span)) as ReturnType<F>;
  }
}
