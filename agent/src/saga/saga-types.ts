import type { Attributes, SpanContext } from '@opentelemetry/api';
import type { FailureKind } from './failure.js';

/** What names a saga. Plain data: store it beside the business object and join the saga again from it, in any process. */
export interface SagaIdentity {
  /** One per instance; up to 128 characters of `[\w.:/-]`, or it is not carried in baggage. */
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  /** Default: `orchestration`, one party that knows all steps. */
  readonly type?: 'orchestration' | 'choreography';
  /** The saga of which this one is a step. */
  readonly parentId?: string;
  /** More attributes for every span and event of it, such as `order.id`. */
  readonly attributes?: Attributes;
  /** Where it was started: later traces of the saga link to it. */
  readonly origin?: Pick<SpanContext, 'traceId' | 'spanId' | 'traceFlags'>;
}

export interface StepOptions {
  /** Counts from 1. Default: one more than the last attempt of this step through this handle. */
  readonly attempt?: number;
  /** Place among the steps, from 0. */
  readonly index?: number;
  readonly id?: string;
  readonly attributes?: Attributes;
  /** Whether the business or the technique failed. Default: business for a `BusinessFailure`. */
  readonly failureKind?: (error: unknown) => FailureKind;
  /**
   * The outcome comes later (a message, a person): a return means only that the step was asked for. Tell how it ended
   * with `saga.stepSucceeded` or `saga.stepFailed`. An error is a failure at once, all the same.
   */
  readonly outcomeLater?: boolean;
}

/** The attempt that a step's work is. */
export interface StepAttempt {
  readonly name: string;
  readonly kind: 'action' | 'compensation';
  readonly attempt: number;
}

/** What a step does. */
export type Work<T> = (attempt: StepAttempt) => T | PromiseLike<T>;
