import type { ColumnName, FieldRef } from './ast.js';
import { COLUMNS, type FilterSignal, MISPLACED } from './columns.js';

/** Says that a name means an attribute even where a column has that name: `attributes.status`. */
const ATTRIBUTE_PREFIX = 'attributes.';

const byName = new Map<string, ColumnName[]>();
for (const [column, { aliases }] of Object.entries(COLUMNS) as [ColumnName, (typeof COLUMNS)[ColumnName]][])
  for (const name of [column, ...aliases]) byName.set(name, [...(byName.get(name) ?? []), column]);

/**
 * What a field's name means for a signal: a column by its short or its OTel name (ASCII case does not matter), else an
 * attribute by its exact name. Filters, `group_by`, measures and completions all resolve names here.
 */
export function resolveField(name: string, signal: FilterSignal): { field: FieldRef } | { message: string } {
  if (name.startsWith(ATTRIBUTE_PREFIX) && name.length > ATTRIBUTE_PREFIX.length) {
    if (signal === 'sagas') return { message: SAGA_FIELDS };
    return { field: { source: 'attribute', name: name.slice(ATTRIBUTE_PREFIX.length) } };
  }
  const columns = byName.get(name.toLowerCase()) ?? [];
  const column = columns.find((candidate) => COLUMNS[candidate].signals.includes(signal));
  if (column) return { field: { source: 'column', column } };
  for (const candidate of columns) {
    // An alias is an ordinary word (`message`, `state`); only the column's own name is a sure mistake.
    const message = candidate === name.toLowerCase() ? MISPLACED[candidate] : undefined;
    if (message) return { message };
  }
  if (signal === 'sagas') return { message: SAGA_FIELDS };
  return { field: { source: 'attribute', name } };
}

const SAGA_FIELDS = `Sagas have these fields: ${(Object.keys(COLUMNS) as ColumnName[])
  .filter((column) => COLUMNS[column].signals.includes('sagas'))
  .join(', ')}.`;

/** The shortest name that {@link resolveField} resolves to this field on this signal. */
export function fieldName(field: FieldRef, signal: FilterSignal): string {
  if (field.source === 'column') return field.column;
  const plain = resolveField(field.name, signal);
  const itself = 'field' in plain && plain.field.source === 'attribute' && plain.field.name === field.name;
  return itself ? field.name : ATTRIBUTE_PREFIX + field.name;
}
