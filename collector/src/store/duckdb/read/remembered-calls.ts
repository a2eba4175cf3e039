import type { Slice } from '../slice.js';

export interface AskedCall {
  /** Names the call. */
  key: string;
  traceId: string;
  /** Slices that may hold who answered it. */
  slices: readonly Slice[];
  /** Changes when something is added to one of them. */
  state: string;
}

/** Calls that are remembered; those that were asked about first go first. */
const MAX_CALLS = 20_000;

/**
 * Which service answered a call, once that was looked for. Who did will not change; that nobody did holds for as long
 * as nothing came to the slices where the answer would lie.
 */
export class RememberedCalls {
  readonly #known = new Map<string, { service: string | undefined; state: string }>();

  knows({ key, state }: AskedCall): boolean {
    const known = this.#known.get(key);
    return known !== undefined && (known.service !== undefined || known.state === state);
  }

  serviceOf({ key }: AskedCall): string | undefined {
    return this.#known.get(key)?.service;
  }

  remember({ key, state }: AskedCall, service: string | undefined): void {
    this.#known.delete(key);
    this.#known.set(key, { service, state });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_CALLS) return;
      this.#known.delete(oldest);
    }
  }
}
