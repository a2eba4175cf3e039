/** Deeper than this, a value is written as `[…]`: lines are for people, and cycles must end. */
export const MAX_DEPTH = 8;
/** Of a list or a map inside of an attribute. */
export const MAX_ITEMS = 256;

export interface LogLimits {
  readonly attributes: number;
  readonly maxChars: number;
}
