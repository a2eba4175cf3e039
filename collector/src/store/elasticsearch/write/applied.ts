import { type JsonPiece, jsonPiece } from './json-piece.js';

/** Which records are in the state of a merged document. Never changed: documents that have the same share one. */
export interface Applied {
  /** Per log, the position of the last record that is in the state. */
  readonly positions: Readonly<Record<string, number>>;
  /** The last member of the document, and its end. */
  readonly json: JsonPiece;
}

export function appliedOf(positions: Readonly<Record<string, number>>): Applied {
  return { positions, json: jsonPiece(`,"applied":${JSON.stringify(positions)}}`) };
}

/** Makes what states say once a record of this log is in them: most often the same for all that a record changes. */
export class AppliedLog {
  readonly #log: string;
  #position = -1;
  #alone: Applied = appliedOf({});

  constructor(log: string) {
    this.#log = log;
  }

  /** @param before of the state without the record; undefined when it begins with it */
  with(before: Applied | undefined, position: number): Applied {
    if (before !== undefined && !this.#isOurs(before)) return appliedOf({ ...before.positions, [this.#log]: position });
    if (position !== this.#position) {
      this.#position = position;
      this.#alone = appliedOf({ [this.#log]: position });
    }
    return this.#alone;
  }

  /** Whether nobody else's records are in it. */
  #isOurs({ positions }: Applied): boolean {
    for (const log in positions) if (log !== this.#log) return false;
    return true;
  }
}
