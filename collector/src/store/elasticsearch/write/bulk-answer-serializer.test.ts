import { expect, test } from 'vitest';
import { BulkAnswerSerializer } from './bulk-answer-serializer.js';

const serializer = new BulkAnswerSerializer();

test('items of a bulk answer are not read when every document was written', () => {
  expect(serializer.deserialize('{"errors":false,"items":[{"create":{"status":201}}]}')).toEqual({ errors: false });
});

test.each([
  ['a document was refused', '{"errors":true,"items":[{"create":{"status":400,"error":{"type":"x"}}}]}'],
  [
    'versions were asked for',
    '{"errors":false,"items":[{"index":{"_seq_no":7,"_primary_term":1,"status":200}},{"create":{"_seq_no":8,"_primary_term":1,"status":201}}]}',
  ],
  ['it is no bulk answer', '{"took":1,"errors":false,"items":[{"a":1}]}'],
])('an answer is read whole when %s', (_, json) => {
  expect(serializer.deserialize(json)).toEqual(JSON.parse(json));
});

test('an answer that was cut off is an error, whatever it begins with', () => {
  expect(() => serializer.deserialize('{"errors":false,"items":[{"create":{"status":201}}')).toThrow('JSON');
});
