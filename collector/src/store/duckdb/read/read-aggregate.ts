import type { AggregateGroup, AggregateResult } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { aggregateSagas } from '../../answers/aggregate-sagas.js';
import { fieldOf } from '../../answers/field-of.js';
import { gridOf, gridWith, nanosOf, type StepGrid, secondsOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { StoreError } from '../../store.js';
import type { Slice } from '../slice.js';
import { ask, type ReadContext } from './context.js';
import { fieldNumber, fieldText } from './field-sql.js';
import { type FilterTarget, filterSql } from './filter-sql.js';
import { logTarget, spanTarget } from './filter-targets.js';
import { itemsSql } from './items-sql.js';
import { Params } from './params.js';
import { pruneSlices } from './prune-slices.js';
import { summariesOf } from './read-sagas.js';

const SERIES_POINTS = 60;
const MAX_CELLS = 200_000;

type Items = Pick<Question.Aggregate, 'range' | 'environment' | 'filter'> & {
  signal: 'spans' | 'logs';
  synthetic: Question.Aggregate['synthetic'];
};

export async function readAggregate(
  context: ReadContext,
  question: Question.Aggregate,
  signal: AbortSignal,
): Promise<AggregateResult> {
  const grid = gridFor(question);
  if (question.signal === 'sagas') {
    const { sagas, sampled } = await summariesOf(context, question, signal);
    return { ...aggregateSagas(sagas, question, grid), sampled };
  }
  const items = { ...question, signal: question.signal };
  const totals = await measured(context, items, question, null, signal);
  const kept = totals.slice(0, question.limit);
  const groups = new Map(kept.map(({ key, values }) => [JSON.stringify(key), { key, values, series: emptySeries() }]));
  function emptySeries(): AggregateGroup['series'] {
    if (!grid) return [];
    return question.measures.map((measure) =>
      Array.from<number | null>({ length: grid.points }).fill(
        measure.op === 'count' || measure.op === 'rate' ? 0 : null,
      ),
    );
  }
  let truncated = totals.length > question.limit;
  if (grid && groups.size > 0) {
    const cells = await measured(context, items, question, grid, signal);
    if (cells.length >= MAX_CELLS) truncated = true;
    for (const { key, values, step } of cells) {
      const group = groups.get(JSON.stringify(key));
      values.forEach((value, index) => {
        const series = group?.series[index];
        if (series && step < series.length) series[step] = value;
      });
    }
  }
  return {
    range: question.range,
    t0_ms: grid?.t0_ms ?? question.range.from_ms,
    step_ms: grid?.step_ms ?? 0,
    groups: [...groups.values()],
    truncated,
    sampled: false,
  };
}

function gridFor({ range, step_ms }: Question.Aggregate): StepGrid | null {
  if (step_ms === 0) return null;
  return step_ms === 'auto' ? gridOf(range, SERIES_POINTS) : gridWith(range, step_ms);
}

interface Cell {
  key: (string | null)[];
  step: number;
  values: (number | null)[];
}

async function measured(
  context: ReadContext,
  items: Items,
  question: Question.Aggregate,
  grid: StepGrid | null,
  signal: AbortSignal,
): Promise<Cell[]> {
  const slices = await slicesOfItems(context, items, signal);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const target = items.signal === 'spans' ? spanTarget(params) : logTarget(params);
      const keys = question.group_by.map((name, at) => `${fieldText(fieldOf(name, items.signal), target)} AS k${at}`);
      if (grid) {
        const { t0_ms, step_ms } = grid;
        keys.push(
          `(((i.time_nano // 1000000) - ${params.integer(t0_ms)}) // ${params.integer(step_ms)})::INTEGER AS step`,
        );
      }
      const seconds = grid ? grid.step_ms / 1000 : secondsOf(question.range);
      const measures = question.measures.map(
        (measure, at) => `${measureSql(measure, items.signal, target, seconds)} AS m${at}`,
      );
      const from = matchingItems(slices, items, target, params);
      const group = keys.length > 0 ? `GROUP BY ${keys.map((_, at) => at + 1).join(', ')}` : '';
      const limit = grid ? MAX_CELLS : question.limit + 1;
      const ties = question.group_by.map((_, at) => `, k${at}`).join('');
      return `SELECT ${[...keys, ...measures].join(', ')} FROM ${from} ${group} ORDER BY m0 DESC NULLS LAST${ties} LIMIT ${limit}`;
    },
    signal,
  );
  return rows.map((row) => ({
    key: question.group_by.map((_, at) => (row[`k${at}`] as string | null) ?? null),
    step: (row.step as number | undefined) ?? 0,
    values: question.measures.map((_, at) => {
      const value = row[`m${at}`];
      return value === null || value === undefined ? null : Number(value);
    }),
  }));
}

function measureSql(
  measure: Question.Aggregate['measures'][number],
  signal: 'spans' | 'logs',
  target: FilterTarget,
  seconds: number,
): string {
  if (measure.op === 'count') return 'count(*)::DOUBLE';
  if (measure.op === 'rate') return `(count(*) / ${target.params.number(seconds)})`;
  if (measure.field === undefined) {
    throw new StoreError('question_invalid', `${measure.op} needs a field`, { retryable: false });
  }
  const field = fieldOf(measure.field, signal);
  if (measure.op === 'distinct') return `count(DISTINCT ${fieldText(field, target)})::DOUBLE`;
  const number = fieldNumber(field, target);
  if (measure.op === 'quantile') {
    // DuckDB takes the quantile as a constant only: it is a checked number between 0 and 1.
    const q = Math.min(1, Math.max(0, Number(measure.quantile ?? 0.5)));
    return `quantile_disc(${number}, ${q})`;
  }
  return `${measure.op}(${number})`;
}

export async function slicesOfItems(
  context: ReadContext,
  { signal: of, range, filter }: Pick<Items, 'signal' | 'range' | 'filter'>,
  signal: AbortSignal,
): Promise<Slice[]> {
  const kind = of === 'spans' ? Signal.traces : Signal.logs;
  const slices = context.slices.overlapping(kind, nanosOf(range.from_ms), nanosOf(range.to_ms));
  return await pruneSlices(context, slices, filter, signal);
}

/** `relation WHERE condition`: more terms may be added behind it. Attributes are asked of `target` before. */
export function matchingItems(slices: readonly Slice[], items: Items, target: FilterTarget, params: Params): string {
  const terms = [filterSql(items.filter, target)];
  if (items.environment !== '') terms.push(`i.environment = ${params.text(items.environment)}`);
  if (items.synthetic === 'exclude') terms.push("i.synthetic <> 'true'");
  if (items.synthetic === 'only') terms.push("i.synthetic = 'true'");
  const time = items.signal === 'spans' ? 's.start_nano' : 's.time_nano';
  const relation = itemsSql(items.signal, slices, target.attributes, params, {
    where: `${time} >= ${params.integer(nanosOf(items.range.from_ms))} AND ${time} < ${params.integer(nanosOf(items.range.to_ms))}`,
  });
  return `${relation} WHERE ${terms.join(' AND ')}`;
}
