/** A change to an encoded message: the content `[from, to)` of one length-delimited field, or, where `from === to`, a
 * field to put in at the beginning of the message whose content starts at `from`. */
export interface Edit {
  from: number;
  to: number;
  bytes: Uint8Array;
}
