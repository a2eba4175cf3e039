const HEAD = '{"errors":false,"items":[';
const TAIL = ']}';
/** An item when no versions were asked for. */
const CREATED = '{"create":{"status":201}}';
const SEQ_NO = '":{"_seq_no":';
const PRIMARY_TERM = ',"_primary_term":';
const STATUS = ',"status":';
const ZERO = 0x30;
/** More digits than a number holds exactly are no number that was ever given. */
const MOST_DIGITS = 15;

/**
 * The answer to a `_bulk` request that says of each document that it was written, and nothing else. Nearly all are of
 * this kind; parsed as JSON they would be two objects for every document.
 */
export class WrittenDocuments {
  /** How many the answer tells of. */
  readonly count: number;
  /** `_seq_no` and `_primary_term` of each, one after the other; null when they were not asked for. */
  readonly versions: readonly number[] | null;

  constructor(count: number, versions: readonly number[] | null) {
    this.count = count;
    this.versions = versions;
  }
}

/** Null when there is anything else in the text: a byte that is not expected has to be understood by a parser of JSON. */
export function readWritten(text: string): WrittenDocuments | null {
  if (!text.startsWith(HEAD) || !text.endsWith(TAIL)) return null;
  return text.startsWith(CREATED, HEAD.length) ? readCreated(text) : readVersions(text);
}

/** All items are equal, so the whole text is known by their number. */
function readCreated(text: string): WrittenDocuments | null {
  const count = (text.length - HEAD.length - TAIL.length + 1) / (CREATED.length + 1);
  if (!Number.isInteger(count)) return null;
  const expected = `${HEAD}${`${CREATED},`.repeat(count - 1)}${CREATED}${TAIL}`;
  return text === expected ? new WrittenDocuments(count, null) : null;
}

function readVersions(text: string): WrittenDocuments | null {
  const reader = new Reader(text, HEAD.length);
  const versions: number[] = [];
  do {
    const isCreate = reader.take('{"create');
    if (!isCreate && !reader.take('{"index')) return null;
    if (!reader.take(SEQ_NO)) return null;
    const seqNo = reader.number();
    if (seqNo === -1 || !reader.take(PRIMARY_TERM)) return null;
    const primaryTerm = reader.number();
    if (primaryTerm === -1 || !reader.take(STATUS)) return null;
    if (!reader.take(isCreate ? '201}}' : '200}}')) return null;
    versions.push(seqNo, primaryTerm);
  } while (reader.take(','));
  return reader.take(TAIL) && reader.atEnd ? new WrittenDocuments(versions.length / 2, versions) : null;
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  take(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  /** A whole number, -1 where none stands. */
  number(): number {
    const from = this.#at;
    let value = 0;
    for (; ; this.#at++) {
      const digit = this.#text.charCodeAt(this.#at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    const digits = this.#at - from;
    return digits === 0 || digits > MOST_DIGITS ? -1 : value;
  }
}
