import type { Attributes } from '@opentelemetry/api';
import { SagaName } from './names.js';
import type { SagaIdentity, StepAttempt, StepOptions } from './saga-types.js';

/** What every span and event of a saga carries. */
export function sagaAttributes({
  id,
  name,
  version,
  type = 'orchestration',
  parentId,
  attributes,
}: SagaIdentity): Attributes {
  return {
    ...attributes,
    [SagaName.id]: id,
    [SagaName.name]: name,
    [SagaName.type]: type,
    ...(version !== undefined && { [SagaName.version]: version }),
    ...(parentId !== undefined && { [SagaName.parentId]: parentId }),
  };
}

/** What the span and the events of one attempt carry. */
export function stepAttributes(
  saga: SagaIdentity,
  { name, kind, attempt }: StepAttempt,
  { index, id, attributes }: Pick<StepOptions, 'index' | 'id' | 'attributes'>,
): Attributes {
  return {
    ...attributes,
    ...sagaAttributes(saga),
    [SagaName.step]: name,
    [SagaName.stepKind]: kind,
    [SagaName.stepAttempt]: attempt,
    ...(index !== undefined && { [SagaName.stepIndex]: index }),
    ...(id !== undefined && { [SagaName.stepId]: id }),
  };
}
