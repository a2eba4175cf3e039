/** Attribute and event names of sagas: ours, because the semantic conventions have none. */
export const SagaName = {
  id: 'saga.id',
  name: 'saga.name',
  version: 'saga.version',
  type: 'saga.type',
  parentId: 'saga.parent.id',
  sequence: 'saga.event.sequence',
  step: 'saga.step.name',
  stepId: 'saga.step.id',
  stepIndex: 'saga.step.index',
  stepKind: 'saga.step.kind',
  stepAttempt: 'saga.step.attempt',
  stepOutcome: 'saga.step.outcome',
  stepFailureKind: 'saga.step.failure.kind',
  message: 'saga.message',
} as const;

/** Baggage keys: what is called from inside a step learns which saga the call is for. */
export const SagaBaggage = { id: 'saga.id', name: 'saga.name', step: 'saga.step' } as const;
