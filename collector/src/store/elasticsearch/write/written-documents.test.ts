import { describe, expect, it } from 'vitest';
import { readWritten } from './written-documents.js';

const answer = (items: unknown[], errors = false) => JSON.stringify({ errors, items });
const created = { create: { status: 201 } };
const versioned = (action: string, seqNo: number, status: number) => ({
  [action]: { _seq_no: seqNo, _primary_term: 2, status },
});

describe('an answer that says of each document that it was written', () => {
  it('is read without being parsed', () => {
    expect(readWritten(answer([created]))).toEqual({ count: 1, versions: null });
    expect(readWritten(answer(Array.from({ length: 900 }, () => created)))).toEqual({ count: 900, versions: null });
    expect(readWritten(answer([versioned('create', 0, 201), versioned('index', 4711, 200)]))).toEqual({
      count: 2,
      versions: [0, 2, 4711, 2],
    });
  });

  it('is no other answer: whatever one byte is changed to, left out or put in, somebody looks at it closely', () => {
    for (const text of [
      answer([created, created, created]),
      answer([versioned('create', 7, 201), versioned('index', 8, 200)]),
    ]) {
      const known = readWritten(text);
      for (let at = 0; at < text.length; at++) {
        for (const byte of ['', '5', 'x', '"', ',', '}', ` ${text[at]}`]) {
          const other = text.slice(0, at) + byte + text.slice(at + 1);
          if (other === text) continue;
          const read = readWritten(other);
          // Digits of versions may differ; a number that JSON does not write so is none that came from JSON.
          if (read?.versions) expect(JSON.parse(other)).toMatchObject({ errors: false });
          else expect(read, `${other} is not ${text}`).toBeNull();
          if (read) expect(read.count).toBe(known?.count);
        }
      }
      for (let length = 0; length < text.length; length++) expect(readWritten(text.slice(0, length))).toBeNull();
    }
  });

  it('has no document that was refused, was there before, or of which a status is missing', () => {
    for (const item of [
      { create: { status: 409 } },
      { create: { status: 429, error: { type: 'es_rejected_execution_exception' } } },
      { create: {} },
      versioned('create', 3, 409),
      versioned('index', 3, 404),
      {},
    ]) {
      expect(readWritten(answer([created, item, created]))).toBeNull();
      expect(readWritten(answer([versioned('create', 1, 201), item], true))).toBeNull();
      expect(readWritten(answer([item]))).toBeNull();
    }
    expect(readWritten(answer([]))).toBeNull();
    expect(readWritten(answer([created], true))).toBeNull();
  });
});
