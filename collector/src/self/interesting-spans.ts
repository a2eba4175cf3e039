import type { Context } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';

type ReadableSpan = tracing.ReadableSpan;

/** Requests under way whose spans are held at the same time; the oldest is given up beyond it. */
const REQUESTS = 256;
const SPANS_PER_REQUEST = 128;

/**
 * Hands on whole requests, and only those worth a look: failed, or slow. A dashboard that refreshes itself asks all the
 * time, and its own traces must not drown those of the systems it watches.
 */
export class InterestingSpans implements tracing.SpanProcessor {
  private readonly held = new Map<string, ReadableSpan[]>();

  constructor(
    private readonly next: tracing.SpanProcessor,
    private readonly slowMs: number,
  ) {}

  onStart(span: tracing.Span, parent: Context): void {
    this.next.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const spans = this.held.get(traceId) ?? [];
    if (spans.length < SPANS_PER_REQUEST) spans.push(span);
    if (span.parentSpanContext && !span.parentSpanContext.isRemote) {
      this.held.set(traceId, spans);
      const [oldest] = this.held.keys();
      if (this.held.size > REQUESTS && oldest !== undefined) this.held.delete(oldest);
      return;
    }
    this.held.delete(traceId);
    const [seconds, nanos] = span.duration;
    const failed = spans.some(({ status }) => status.code === SpanStatusCode.ERROR);
    if (failed || seconds * 1000 + nanos / 1e6 >= this.slowMs) for (const each of spans) this.next.onEnd(each);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    this.held.clear();
    return this.next.shutdown();
  }
}
