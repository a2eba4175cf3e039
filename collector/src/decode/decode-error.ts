/** Bytes that are not what they claim to be. The sender must not send them again: 400. */
export class DecodeError extends Error {
  readonly code = 'not_decodable';
  readonly retryable = false;
  /** Byte of the decompressed body at which reading stopped. */
  readonly position: number;

  constructor(fault: string, position: number) {
    super(`${fault} at byte ${position}`);
    this.name = 'DecodeError';
    this.position = position;
  }
}
