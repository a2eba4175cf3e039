import { expect, it } from 'vitest';
import { type CursorShape, cursorText, cursorValues } from './cursor.js';

const LOGS: CursorShape = ['time', 'text', 'whole', 'whole'];
const place = ['2026-11-21T12:00:00.000000001Z', 'a1b2c3d4e5f6', 4711, 3];

it('gives back the place that a cursor was made of', () => {
  expect(cursorValues(cursorText(place), LOGS)).toEqual(place);
});

it('refuses every cursor that is not one of the question, before the cluster sees it', () => {
  const wrong: unknown[] = [
    [...place, 1],
    place.slice(1),
    ['yesterday', ...place.slice(1)],
    [place[0], 7, 4711, 3],
    [place[0], place[1], '4711', 3],
    [place[0], place[1], 4711.5, 3],
    [place[0], place[1], 1e300, 3],
    [null, place[1], 4711, 3],
    [[place[0]], place[1], 4711, 3],
    { length: 4 },
    'text',
    null,
  ];
  const texts = [...wrong.map((value) => cursorText(value as unknown[])), '', '!!', cursorText(place).slice(0, -4)];
  for (const text of texts) {
    expect(() => cursorValues(text, LOGS), text).toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
  }
});

it('takes 64-bit integers and hex ids as text, and nothing that a column could not hold', () => {
  const shape: CursorShape = ['integer', 'id'];
  const widest = ['-9223372036854775808', 'f'.repeat(32)];
  expect(cursorValues(cursorText(widest), shape)).toEqual(widest);
  for (const wrong of [
    ['9223372036854775808', 'a'],
    ['1.5', 'a'],
    [1, 'a'],
    ['1', 'G'],
    ['1', ''],
    ['', 'a'],
  ]) {
    expect(() => cursorValues(cursorText(wrong), shape), String(wrong)).toThrow(
      expect.objectContaining({ code: 'cursor_invalid' }),
    );
  }
});
