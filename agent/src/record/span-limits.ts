/** How much one span may hold (`OTEL_SPAN_…_LIMIT`). */
export interface SpanLimits {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
}
