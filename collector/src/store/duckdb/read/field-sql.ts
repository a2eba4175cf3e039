import type { FieldRef } from '../../../query/ast.js';
import { COLUMNS, SPAN_KINDS, SPAN_STATUSES } from '../../../query/columns.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { FilterTarget } from './filter-sql.js';

const SEVERITY_TEXT = `CASE WHEN i.severity = 0 THEN 'unspecified' WHEN i.severity < 5 THEN 'trace'
  WHEN i.severity < 9 THEN 'debug' WHEN i.severity < 13 THEN 'info' WHEN i.severity < 17 THEN 'warn'
  WHEN i.severity < 21 THEN 'error' ELSE 'fatal' END`;

/** A field's value as text, NULL where it is missing or empty. */
export function fieldText(field: FieldRef, target: FilterTarget): string {
  if (field.source === 'attribute') return target.attributes.column(field.name).value;
  const sql = target.columns[field.column];
  if (sql === undefined) return 'NULL::VARCHAR';
  const { type } = COLUMNS[field.column];
  if (field.column === 'kind') return words(sql, SPAN_KINDS);
  if (field.column === 'status') return words(sql, SPAN_STATUSES);
  if (field.column === 'severity') return SEVERITY_TEXT;
  if (type === 'hex') {
    const digits = field.column === 'trace_id' ? 32 : 16;
    return `CASE WHEN ${sql} <> 0 THEN lpad(lower(to_hex(${sql}::UHUGEINT)), ${digits}, '0') END`;
  }
  if (type === 'duration' || type === 'number') return `${sql}::VARCHAR`;
  return `nullif(${sql}, '')`;
}

/** A field's value as a double, NULL where it is no number. */
export function fieldNumber(field: FieldRef, target: FilterTarget): string {
  if (field.source === 'attribute') {
    const { value, type } = target.attributes.column(field.name);
    const number = `TRY_CAST(${value} AS DOUBLE)`;
    return `CASE WHEN ${type} IN (${AttributeType.int}, ${AttributeType.double}) AND NOT isnan(${number}) THEN ${number} END`;
  }
  const sql = target.columns[field.column];
  const { type } = COLUMNS[field.column];
  if (sql === undefined || (type !== 'duration' && type !== 'number')) return 'NULL::DOUBLE';
  return `(${sql})::DOUBLE`;
}

function words(sql: string, list: readonly string[]): string {
  return `CASE ${sql} ${list.map((word, index) => `WHEN ${index} THEN '${word}'`).join(' ')} ELSE '${list[0]}' END`;
}
