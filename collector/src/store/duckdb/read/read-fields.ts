import type { Field, FieldList, FieldValues } from '../../../api/contract/index.js';
import { COLUMNS } from '../../../query/columns.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import { fieldOf } from '../../answers/field-of.js';
import { sagaValues } from '../../answers/saga-values.js';
import { nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { ask, type ReadContext } from './context.js';
import { fieldText } from './field-sql.js';
import { logTarget, spanTarget } from './filter-targets.js';
import { Params } from './params.js';
import { matchingItems, slicesOfItems } from './read-aggregate.js';
import { summariesOf } from './read-sagas.js';

const MAX_FIELDS = 1000;

/** Columns of the signal, then every attribute that items of the range or their resources have. */
export async function readFields(
  context: ReadContext,
  question: Question.Fields,
  signal: AbortSignal,
): Promise<FieldList> {
  const { signal: kind } = question;
  const fields: Field[] = Object.entries(COLUMNS)
    .filter(([, column]) => column.signals.includes(kind))
    .map(([name, { type }]) => ({ name, type: columnType(type), source: 'field' }));
  if (kind === 'sagas') return { fields, truncated: false, sampled: false };
  const slices = await slicesOfItems(context, { ...question, signal: kind }, signal);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const time = kind === 'spans' ? 'start_nano' : 'time_nano';
      const range = `${time} >= ${params.integer(nanosOf(question.range.from_ms))}
        AND ${time} < ${params.integer(nanosOf(question.range.to_ms))}`;
      const parts = slices.flatMap(({ catalog }) => [
        `SELECT unnest(keys) AS name, unnest(types) AS type, 'attribute' AS source FROM ${catalog}.shapes
          WHERE id IN (SELECT DISTINCT shape FROM ${catalog}.${kind} WHERE ${range})`,
        `SELECT unnest(keys) AS name, unnest(types) AS type, 'resource' AS source FROM ${catalog}.resources
          WHERE id IN (SELECT DISTINCT resource FROM ${catalog}.${kind} WHERE ${range})`,
      ]);
      return `SELECT name, source, min(type)::INTEGER AS low, max(type)::INTEGER AS high
        FROM (${parts.join(' UNION ALL ')}) GROUP BY name, source ORDER BY source, name LIMIT ${MAX_FIELDS + 1}`;
    },
    signal,
  );
  for (const row of rows.slice(0, MAX_FIELDS)) {
    const type = attributeType(row.low as number, row.high as number);
    fields.push({ name: row.name as string, type, source: row.source as Field['source'] });
  }
  return { fields, truncated: rows.length > MAX_FIELDS, sampled: false };
}

export async function readFieldValues(
  context: ReadContext,
  question: Question.FieldValues,
  signal: AbortSignal,
): Promise<FieldValues> {
  const { signal: kind } = question;
  if (kind === 'sagas') {
    const { sagas, sampled } = await summariesOf(context, { ...question, synthetic: 'include' }, signal);
    return { ...sagaValues(sagas, question), sampled };
  }
  const items = { ...question, signal: kind, synthetic: 'include' as const };
  const slices = await slicesOfItems(context, items, signal);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const target = kind === 'spans' ? spanTarget(params) : logTarget(params);
      const text = fieldText(fieldOf(question.field, kind), target);
      const matching = matchingItems(slices, items, target, params);
      return `SELECT ${text} AS value, count(*)::DOUBLE AS n FROM ${matching}
        AND starts_with(${text}, ${params.text(question.prefix)}) AND ${text} <> ''
        GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${question.limit + 1}`;
    },
    signal,
  );
  const values = rows.map((row) => ({ value: row.value as string, count: row.n as number }));
  return { values: values.slice(0, question.limit), truncated: values.length > question.limit, sampled: false };
}

function columnType(type: (typeof COLUMNS)[keyof typeof COLUMNS]['type']): Field['type'] {
  if (type === 'number' || type === 'duration') return 'number';
  return type === 'boolean' ? 'boolean' : 'string';
}

function attributeType(low: number, high: number): Field['type'] {
  const { int, double, boolean } = AttributeType;
  if (low === high) return low === boolean ? 'boolean' : low === int || low === double ? 'number' : 'string';
  return low === int && high === double ? 'number' : 'mixed';
}
