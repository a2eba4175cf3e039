/** Bytes that are not what they claim to be. The sender must not send them again: 400. */
export class DecodeError extends Error {
  readonly code = 'not_decodable';
  readonly retryable = false;
  /** Byte of the decompressed body at which reading stopped; 0 when the fault is the whole body's. */
  readonly position: number;

  constructor(fault: string, position?: number) {
    super(position === undefined ? fault : `${fault} at byte ${position}`);
    this.name = 'DecodeError';
    this.position = position ?? 0;
  }
}
