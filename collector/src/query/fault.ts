/** One fault in a filter: where it is, and a sentence that says what to do about it. */
export interface Fault {
  /** Offset in UTF-16 units from the start of the filter. */
  position: number;
  /** How many UTF-16 units are at fault; 0 when something is missing there. */
  length: number;
  message: string;
}
