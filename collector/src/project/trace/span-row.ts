import type { SpanCategory, SpanKind, SpanStatus } from '../../api/contract/index.js';

/** What a store hands over of each span so that a trace can be put together: no attributes. */
export interface SpanRow {
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  service: string;
  /** service.instance.id and host.name: spans of one instance share a clock, instances of one host nearly do. */
  instance: string;
  host: string;
  name: string;
  kind: SpanKind;
  status: SpanStatus;
  category: SpanCategory;
  startNano: bigint;
  endNano: bigint;
  events: number;
  links: number;
}
