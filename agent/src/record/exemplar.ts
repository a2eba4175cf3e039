import type { Attributes } from '@opentelemetry/api';

/** One measurement that stands for others, with the span it was made in where that is known. */
export interface Exemplar {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly attributes: Attributes;
}
