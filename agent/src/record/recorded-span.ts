import type {
  Attributes,
  AttributeValue,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
  TraceState,
} from '@opentelemetry/api';
import type { Facts } from '../context/facts.js';
import { type ClockAnchor, nanosOf, nanosSince } from './clock.js';
import type { Scope } from './scope.js';
import type { SharedAttributes } from './shared-attributes.js';
import type { SpanLimits } from './span-limits.js';
import { thrownText } from './thrown-text.js';

const UNSET = 0;
const OK = 1;

export interface SpanEvent {
  readonly name: string;
  /** Nanoseconds since the span's anchor. */
  readonly nanos: number;
  readonly attributes: Attributes | undefined;
}

/** What a span is born with. */
export interface SpanBirth {
  readonly name: string;
  readonly kind: SpanKind;
  readonly scope: Scope;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: TraceState | undefined;
  readonly parentSpanId: string | undefined;
  readonly parentIsRemote: boolean;
  /** The trace flag; told to those we call. */
  readonly sampled: boolean;
  /** The flag of Trace Context Level 2: the last seven bytes of the trace id are random. Who comes later passes it on. */
  readonly randomTraceId: boolean;
  /** False when nobody will ever see it: then nothing is kept. */
  readonly exported: boolean;
  readonly facts: Facts;
  readonly anchor: ClockAnchor;
  readonly limits: SpanLimits;
  /** Called once, when the span ends; not called when it is not recording. */
  readonly onEnd: (span: RecordedSpan) => void;
}

/**
 * A span of this process. Attributes are pairs in one flat array: a span has few, and they are read once, by the encoder.
 * After `end()` nothing changes any more (OTel API: such calls are ignored).
 */
export class RecordedSpan implements Span {
  name: string;
  attributes: unknown[] = [];
  /** Besides those. */
  shared: SharedAttributes | undefined;
  droppedAttributes = 0;
  events: SpanEvent[] | undefined;
  droppedEvents = 0;
  links: Link[] | undefined;
  droppedLinks = 0;
  statusCode = UNSET;
  statusMessage: string | undefined;
  /** Nanoseconds since `anchor`. */
  startNanos: number;
  endNanos = 0;
  private open: boolean;
  private identity: SpanContext | undefined;

  constructor(
    readonly birth: SpanBirth,
    startTime?: TimeInput,
  ) {
    this.name = birth.name;
    this.open = birth.sampled && birth.exported;
    this.startNanos = startTime === undefined ? nanosSince(birth.anchor) : nanosOf(startTime, birth.anchor);
  }

  get facts(): Facts {
    return this.birth.facts;
  }

  spanContext(): SpanContext {
    this.identity ??= identityOf(this.birth);
    return this.identity;
  }

  /** The value of one attribute. */
  attribute(key: string): unknown {
    return valueIn(this.attributes, key) ?? (this.shared && valueIn(this.shared.pairs, key));
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (!this.open || value === undefined || value === null || key === '') return this;
    const attributes = this.attributes;
    for (let index = 0; index < attributes.length; index += 2) {
      if (attributes[index] === key) {
        attributes[index + 1] = value;
        return this;
      }
    }
    if (attributes.length >= this.birth.limits.attributes * 2) this.droppedAttributes++;
    else attributes.push(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== undefined) this.setAttribute(key, value);
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (!this.open) return this;
    this.events ??= [];
    if (this.events.length >= this.birth.limits.events) {
      this.droppedEvents++;
      return this;
    }
    const isTime = isTimeInput(attributesOrTime);
    const at = isTime ? attributesOrTime : time;
    const nanos = at === undefined ? nanosSince(this.birth.anchor) : nanosOf(at, this.birth.anchor);
    this.events.push({ name, nanos, attributes: isTime ? undefined : attributesOrTime });
    return this;
  }

  addLink(link: Link): this {
    if (!this.open) return this;
    this.links ??= [];
    if (this.links.length >= this.birth.limits.links) this.droppedLinks++;
    else this.links.push(link);
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** OTel API "Set Status": Ok is final, Unset is ignored, a message belongs to Error alone. */
  setStatus(status: SpanStatus): this {
    if (!this.open || this.statusCode === OK || status.code === UNSET) return this;
    this.statusCode = status.code;
    this.statusMessage = status.code === OK ? undefined : status.message;
    return this;
  }

  updateName(name: string): this {
    if (this.open) this.name = name;
    return this;
  }

  end(endTime?: TimeInput): void {
    if (!this.open) return;
    const { anchor } = this.birth;
    this.endNanos = Math.max(this.startNanos, endTime === undefined ? nanosSince(anchor) : nanosOf(endTime, anchor));
    this.open = false;
    this.birth.onEnd(this);
  }

  isRecording(): boolean {
    return this.open;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', exceptionAttributes(exception), time);
  }
}

function valueIn(pairs: readonly unknown[], key: string): unknown {
  const at = pairs.indexOf(key);
  return at === -1 ? undefined : pairs[at + 1];
}

/** Semantic conventions "Exceptions on spans". */
export function exceptionAttributes(exception: Exception): Attributes {
  // Anything can be thrown, `null` as well.
  if (typeof exception !== 'object' || exception === null) return { 'exception.message': thrownText(exception) };
  try {
    const attributes: Attributes = {};
    if (exception.code !== undefined) attributes['exception.type'] = String(exception.code);
    else if (exception.name !== undefined) attributes['exception.type'] = exception.name;
    if (exception.message !== undefined) attributes['exception.message'] = exception.message;
    if (exception.stack !== undefined) attributes['exception.stacktrace'] = exception.stack;
    return attributes;
  } catch {
    // A getter of it threw.
    return { 'exception.message': thrownText(exception) };
  }
}

function identityOf(birth: SpanBirth): SpanContext {
  const { traceId, spanId, traceState } = birth;
  const traceFlags = (birth.sampled ? 1 : 0) | (birth.randomTraceId ? 2 : 0);
  return traceState === undefined ? { traceId, spanId, traceFlags } : { traceId, spanId, traceFlags, traceState };
}

function isTimeInput(value: Attributes | TimeInput | undefined): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}
