import { context, trace } from '@opentelemetry/api';
import { sagaAttributes } from './attributes.js';
import { Saga } from './saga.js';
import type { SagaIdentity } from './saga-types.js';
import { tell } from './tell.js';

export { BusinessFailure, type FailureKind } from './failure.js';
export type { Saga } from './saga.js';
export type { SagaIdentity, StepAttempt, StepOptions } from './saga-types.js';

/** Begins a saga and tells so. Keep `saga.identity` to go on with it elsewhere ({@link joinSaga}). */
export function startSaga(identity: SagaIdentity): Saga {
  const here = trace.getSpan(context.active())?.spanContext();
  const origin =
    identity.origin ?? (here && { traceId: here.traceId, spanId: here.spanId, traceFlags: here.traceFlags });
  const saga = new Saga(origin === undefined ? identity : { ...identity, origin });
  tell('saga.started', sagaAttributes(identity));
  return saga;
}

/** A handle on a saga that was begun before: after a message, a timer, a restart. Tells nothing by itself. */
export function joinSaga(identity: SagaIdentity): Saga {
  return new Saga(identity);
}
