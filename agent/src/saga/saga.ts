import { type Attributes, context, type Link, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { sagaAttributes, stepAttributes } from './attributes.js';
import { failureKindOf } from './failure.js';
import { SagaBaggage, SagaName } from './names.js';
import type { SagaIdentity, StepAttempt, StepOptions, Work } from './saga-types.js';
import { messageOf, tell } from './tell.js';

/**
 * One saga, told to whoever observes it: each step is a span with the vocabulary's `saga.*` attributes and events, through
 * the public OpenTelemetry API. It orchestrates nothing and keeps no state beyond counting attempts: what happens when
 * stays the application's. Without an agent or SDK every call does the work it was given and records nothing.
 */
export class Saga {
  readonly identity: SagaIdentity;
  readonly #attempts = new Map<string, number>();

  constructor(identity: SagaIdentity) {
    this.identity = identity;
  }

  /** Does a step's work in a span that is the step. Resolves and rejects as the work does. */
  step<T>(name: string, work: Work<T>): Promise<T>;
  step<T>(name: string, options: StepOptions, work: Work<T>): Promise<T>;
  step<T>(name: string, optionsOrWork: StepOptions | Work<T>, work?: Work<T>): Promise<T> {
    return typeof optionsOrWork === 'function'
      ? this.#attempt(name, 'action', {}, optionsOrWork)
      : this.#attempt(name, 'action', optionsOrWork, work as Work<T>);
  }

  /** Does the work that undoes the step `name`. Resolves and rejects as the work does. */
  compensate<T>(name: string, work: Work<T>): Promise<T>;
  compensate<T>(name: string, options: StepOptions, work: Work<T>): Promise<T>;
  compensate<T>(name: string, optionsOrWork: StepOptions | Work<T>, work?: Work<T>): Promise<T> {
    return typeof optionsOrWork === 'function'
      ? this.#attempt(name, 'compensation', {}, optionsOrWork)
      : this.#attempt(name, 'compensation', optionsOrWork, work as Work<T>);
  }

  /** Does work that belongs to the saga but is no step: whatever it calls learns whose work it is. */
  run<T>(spanName: string, work: () => T | PromiseLike<T>): Promise<T> {
    return this.#inSpan(spanName, sagaAttributes(this.identity), undefined, work);
  }

  /** A step whose outcome came later succeeded. `attempt` is the one that was answered; default: the last. */
  stepSucceeded(name: string, options: Pick<StepOptions, 'attempt' | 'index' | 'id' | 'attributes'> = {}): void {
    const attempt = options.attempt ?? this.#attempts.get(`action ${name}`) ?? 1;
    tell('saga.step.succeeded', {
      ...stepAttributes(this.identity, { name, kind: 'action', attempt }, options),
      [SagaName.stepOutcome]: 'succeeded',
    });
  }

  /** A step whose outcome came later failed. */
  stepFailed(name: string, error: unknown, options: Omit<StepOptions, 'outcomeLater'> = {}): void {
    const attempt = options.attempt ?? this.#attempts.get(`action ${name}`) ?? 1;
    tell('saga.step.failed', {
      ...stepAttributes(this.identity, { name, kind: 'action', attempt }, options),
      ...failed(error, options),
    });
  }

  /** A step was not needed. */
  stepSkipped(name: string, options: Pick<StepOptions, 'index' | 'id' | 'attributes'> = {}): void {
    tell('saga.step.succeeded', {
      ...stepAttributes(this.identity, { name, kind: 'action', attempt: 1 }, options),
      [SagaName.stepOutcome]: 'skipped',
    });
  }

  /** Nothing goes on until a person acts: not stuck, waiting. */
  awaitPerson(reason?: string): void {
    tell('saga.awaiting_person', { ...sagaAttributes(this.identity), ...messageOf(reason) });
  }

  /** Every step succeeded. */
  complete(): void {
    tell('saga.completed', sagaAttributes(this.identity));
  }

  /** What had been done is undone. */
  compensated(reason?: unknown): void {
    tell('saga.compensated', { ...sagaAttributes(this.identity), ...messageOf(reason) });
  }

  /** It ended neither completed nor undone: somebody has to look. */
  fail(reason?: unknown): void {
    tell('saga.failed', { ...sagaAttributes(this.identity), ...messageOf(reason) });
  }

  async #attempt<T>(name: string, kind: StepAttempt['kind'], options: StepOptions, work: Work<T>): Promise<T> {
    const key = `${kind} ${name}`;
    const number = options.attempt ?? (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, number);
    const attempt: StepAttempt = { name, kind, attempt: number };
    const isAction = kind === 'action';
    const attributes = stepAttributes(this.identity, attempt, options);
    const spanName = isAction ? name : `compensate ${name}`;
    // A span that ends before its outcome is known is not the step: it only carries the moments.
    const onSpan = options.outcomeLater ? sagaAttributes(this.identity) : attributes;
    return this.#inSpan(spanName, onSpan, name, async () => {
      tell(isAction ? 'saga.step.started' : 'saga.step.compensating', attributes);
      let result: T;
      try {
        result = await work(attempt);
      } catch (error) {
        tell('saga.step.failed', { ...attributes, ...failed(error, options) });
        throw error;
      }
      if (!options.outcomeLater) {
        const event = isAction ? 'saga.step.succeeded' : 'saga.step.compensated';
        tell(event, { ...attributes, [SagaName.stepOutcome]: 'succeeded' });
      }
      return result;
    });
  }

  #inSpan<T>(
    spanName: string,
    attributes: Attributes,
    step: string | undefined,
    work: () => T | PromiseLike<T>,
  ): Promise<T> {
    const { id, name } = this.identity;
    let baggage = (propagation.getActiveBaggage() ?? propagation.createBaggage())
      .setEntry(SagaBaggage.id, { value: id })
      .setEntry(SagaBaggage.name, { value: name });
    if (step !== undefined) baggage = baggage.setEntry(SagaBaggage.step, { value: step });
    const within = propagation.setBaggage(context.active(), baggage);
    const tracer = trace.getTracer('@orrery/agent/saga');
    return tracer.startActiveSpan(spanName, { attributes, links: this.#links() }, within, async (span) => {
      try {
        return await work();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** A saga outlives traces: what happens in a later one points back to where it began. */
  #links(): Link[] {
    const { origin } = this.identity;
    if (origin === undefined || trace.getActiveSpan()?.spanContext().traceId === origin.traceId) return [];
    return [{ context: { ...origin, isRemote: true } }];
  }
}

function failed(error: unknown, { failureKind = failureKindOf }: Pick<StepOptions, 'failureKind'>): Attributes {
  return {
    [SagaName.stepOutcome]: 'failed',
    [SagaName.stepFailureKind]: failureKind(error),
    ...messageOf(error),
  };
}
