import { type AttributeSource, attributeText } from '../../../decode/text.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { TextColumn, TextListColumn } from './column.js';
import type { Shape } from './shape.js';

/** Writes the values of one row's attributes: promoted ones to their columns, the others to the list. */
export function writeAttributes(
  source: AttributeSource,
  from: number,
  shape: Shape,
  row: number,
  place: number,
  promoted: readonly TextColumn[],
  vals: TextListColumn,
): void {
  const { bytes, attributes } = source;
  const count = shape.types.length;
  for (let index = 0; index < count; index++) {
    const attribute = from + index;
    const column = shape.promoted[index] as number;
    const type = shape.types[index] as number;
    if (type === AttributeType.string) {
      const offset = attributes.valueOffset[attribute] as number;
      const length = attributes.valueLength[attribute] as number;
      if (column === -1) vals.pushBytes(bytes, offset, length, place);
      else (promoted[column] as TextColumn).setBytes(row, bytes, offset, length, place);
      continue;
    }
    const number = attributes.number[attribute] as number;
    if (type === AttributeType.boolean) {
      if (column === -1) vals.pushBoolean(number === 1);
      else (promoted[column] as TextColumn).setBoolean(row, number === 1);
      continue;
    }
    if (type === AttributeType.int) {
      if (column === -1 ? vals.pushInteger(number) : (promoted[column] as TextColumn).setInteger(row, number)) continue;
    }
    const text = attributeText(source, attribute);
    if (column === -1) vals.push(text);
    else (promoted[column] as TextColumn).set(row, text);
  }
  vals.endRow(row);
}
