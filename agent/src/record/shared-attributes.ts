/**
 * Attributes that many spans have in common, in pairs: written once as bytes, then copied. What is in them cannot be changed
 * on one span any more, so they are given to a span when nothing else will be.
 */
export class SharedAttributes {
  /** Made when the first of the spans is encoded. */
  bytes: Uint8Array | undefined;

  constructor(readonly pairs: readonly unknown[]) {}
}
