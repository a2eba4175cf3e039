import type { CompareOp, FilterValue } from '../../../query/ast.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { AttributeColumns } from './attribute-sql.js';
import type { Params } from './params.js';
import { likeSql } from './text-sql.js';

/** Characters of a string attribute that take part in comparisons. */
const COMPARED = 1024;
const { string, boolean, int, double, array, map, empty } = AttributeType;

export function attributeExists({ value, type }: AttributeColumns): string {
  return `(${type} IS NOT NULL AND ${type} <> ${empty} AND ${value} <> ''
    AND NOT (${type} = ${array} AND ${value} = '[]') AND NOT (${type} = ${map} AND ${value} = '{}'))`;
}

export function attributeWildcard({ value, type }: AttributeColumns, pattern: string, params: Params): string {
  const text = likeSql(`left(${value}, ${COMPARED})`, pattern, params);
  const element = `(json_type(x) = 'VARCHAR' AND ${likeSql(`left(x->>'$', ${COMPARED})`, pattern, params)})`;
  return `((${type} = ${string} AND ${text}) OR ${anyElement({ value, type }, element)})`;
}

export function attributeCompare(column: AttributeColumns, op: CompareOp, wanted: FilterValue, params: Params): string {
  const { value, type } = column;
  const scalars: string[] = [];
  const elements: string[] = [];
  if (op === '=') {
    const text = params.text(wanted.text);
    scalars.push(`(${type} = ${string} AND ${compared(value, wanted.text)} = ${text})`);
    elements.push(`(json_type(x) = 'VARCHAR' AND ${compared("(x->>'$')", wanted.text)} = ${text})`);
    if (wanted.type === 'boolean') {
      scalars.push(`(${type} = ${boolean} AND ${value} = ${text})`);
      elements.push(`(json_type(x) = 'BOOLEAN' AND (x->>'$') = ${text})`);
    }
  }
  if (wanted.type === 'number') {
    const exact = op === '=' ? exactInteger(wanted) : null;
    if (exact !== null) {
      const whole = params.text(exact.text);
      // An integer of an array that a double can not hold is kept as text there.
      scalars.push(`(${type} = ${int} AND ${value} = ${whole})`);
      elements.push(`(json_type(x) IN ('VARCHAR', 'BIGINT', 'UBIGINT') AND (x->>'$') = ${whole})`);
    }
    const types = exact === null ? `${int}, ${double}` : `${double}`;
    const json = exact === null ? "'BIGINT', 'UBIGINT', 'DOUBLE'" : "'DOUBLE'";
    if (exact === null || exact.isDouble) {
      const number = params.number(wanted.number);
      scalars.push(`(${type} IN (${types}) AND ${orderedNumber(value, op, number)})`);
      elements.push(`(json_type(x) IN (${json}) AND ${orderedNumber("(x->>'$')", op, number)})`);
    }
  }
  if (scalars.length === 0) return 'FALSE';
  return `(${scalars.join(' OR ')} OR ${anyElement(column, `(${elements.join(' OR ')})`)})`;
}

/** NaN equals nothing and has no order; DuckDB puts it above all numbers. */
function orderedNumber(sql: string, op: CompareOp, number: string): string {
  const value = `TRY_CAST(${sql} AS DOUBLE)`;
  return `(${value} ${op} ${number} AND NOT isnan(${value}))`;
}

/** Cutting matters only where the wanted text is as long as what is compared. */
function compared(sql: string, wanted: string): string {
  return [...wanted].length >= COMPARED ? `left(${sql}, ${COMPARED})` : sql;
}

/** A whole number that a double may not hold: it is compared as it is written. */
function exactInteger(wanted: FilterValue & { type: 'number' }): { text: string; isDouble: boolean } | null {
  if (Math.abs(wanted.number) <= Number.MAX_SAFE_INTEGER || !/^-?\d+$/.test(wanted.text)) return null;
  const whole = BigInt(wanted.text);
  return { text: whole.toString(), isDouble: BigInt(wanted.number) === whole };
}

function anyElement({ value, type }: AttributeColumns, condition: string): string {
  const list = `TRY_CAST(CASE WHEN ${type} = ${array} THEN ${value} END AS JSON[])`;
  return `coalesce(len(list_filter(${list}, lambda x: ${condition})) > 0, FALSE)`;
}
