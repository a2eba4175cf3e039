import type { FieldRef } from '../../query/ast.js';
import { resolveField } from '../../query/resolve-field.js';
import { StoreError } from '../store.js';

/** @throws StoreError `question_invalid` when the signal has no such field. */
export function fieldOf(name: string, signal: 'spans' | 'logs' | 'sagas' | 'metrics'): FieldRef {
  const resolved = resolveField(name, signal);
  if ('field' in resolved) return resolved.field;
  throw new StoreError('question_invalid', resolved.message, { retryable: false });
}
