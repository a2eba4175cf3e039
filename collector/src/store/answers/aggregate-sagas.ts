import type { AggregateResult, AttributeValue, SagaSummary } from '../../api/contract/index.js';
import { matches } from '../../project/saga/matches.js';
import type { ColumnName, FieldRef } from '../../query/ast.js';
import type * as Question from '../question.js';
import { StoreError } from '../store.js';
import { fieldOf } from './field-of.js';
import { groupBy } from './group-by.js';
import { nearestRank } from './saga-funnel.js';
import type { StepGrid } from './time-steps.js';
import { secondsOf } from './time-steps.js';

type Measure = Question.Aggregate['measures'][number];

/** Group by and measures over folded sagas; each counts at the time of its last change. */
export function aggregateSagas(
  sagas: readonly SagaSummary[],
  question: Question.Aggregate,
  grid: StepGrid | null,
): Omit<AggregateResult, 'sampled'> {
  const fields = question.group_by.map((name) => fieldOf(name, 'sagas'));
  const seconds = secondsOf(question.range);
  const matching = sagas.filter((saga) => sagaMatches(saga, question.filter));
  const byKey = groupBy(matching, (saga) => JSON.stringify(fields.map((field) => sagaText(saga, field))));
  if (fields.length === 0 && byKey.size === 0) byKey.set('[]', []);
  const groups = [...byKey].map(([key, members]) => ({
    key: JSON.parse(key) as (string | null)[],
    values: question.measures.map((measure) => measureOf(members, measure, seconds)),
    series: grid ? question.measures.map((measure) => seriesOf(members, measure, grid)) : [],
  }));
  groups.sort((a, b) => (b.values[0] ?? Number.NEGATIVE_INFINITY) - (a.values[0] ?? Number.NEGATIVE_INFINITY));
  return {
    range: question.range,
    t0_ms: grid?.t0_ms ?? question.range.from_ms,
    step_ms: grid?.step_ms ?? 0,
    groups: groups.slice(0, question.limit),
    truncated: groups.length > question.limit,
  };
}

export function sagaMatches(saga: SagaSummary, filter: Question.Aggregate['filter']): boolean {
  return matches(filter, {
    column: (name) => sagaColumn(saga, name),
    attribute: () => undefined,
    text: () => saga.saga_name,
  });
}

/** Null where a saga has no such field. */
export function sagaText(saga: SagaSummary, field: FieldRef): string | null {
  if (field.source === 'attribute') return null;
  const value = sagaColumn(saga, field.column);
  if (Array.isArray(value)) return value.length > 0 ? String(value[0]) : null;
  return value === null || value === '' ? null : String(value);
}

function sagaColumn(saga: SagaSummary, name: ColumnName): AttributeValue {
  switch (name) {
    case 'service':
      return [...new Set(saga.steps.map((step) => step.service).filter((service) => service !== ''))];
    case 'duration':
      return saga.duration_ms;
    case 'correlation_id':
      return saga.correlation_id;
    case 'saga_id':
      return saga.saga_id;
    case 'saga.name':
      return saga.saga_name;
    case 'saga.state':
      return saga.state;
    case 'saga.stuck':
      return saga.stuck;
    default:
      return null;
  }
}

function measureOf(sagas: readonly SagaSummary[], measure: Measure, seconds: number): number | null {
  if (measure.op === 'count') return sagas.length;
  if (measure.op === 'rate') return sagas.length / seconds;
  if (measure.field === undefined) {
    throw new StoreError('question_invalid', `${measure.op} needs a field`, { retryable: false });
  }
  const field = fieldOf(measure.field, 'sagas');
  if (measure.op === 'distinct') {
    return new Set(sagas.map((saga) => sagaText(saga, field)).filter((text) => text !== null)).size;
  }
  const numbers = sagas
    .map((saga) => (field.source === 'column' ? sagaColumn(saga, field.column) : null))
    .filter((value) => typeof value === 'number')
    .sort((a, b) => a - b);
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, value) => total + value, 0);
  switch (measure.op) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / numbers.length;
    case 'min':
      return numbers[0] ?? null;
    case 'max':
      return numbers.at(-1) ?? null;
    default:
      return nearestRank(numbers, measure.quantile ?? 0.5);
  }
}

function seriesOf(sagas: readonly SagaSummary[], measure: Measure, grid: StepGrid): (number | null)[] {
  const steps = groupBy(sagas, (saga) =>
    Math.floor((Number(BigInt(saga.updated) / 1_000_000n) - grid.t0_ms) / grid.step_ms),
  );
  return Array.from({ length: grid.points }, (_, step) =>
    measureOf(steps.get(step) ?? [], measure, grid.step_ms / 1000),
  );
}
