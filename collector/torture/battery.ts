/** What every battery is told. Each has its own sane default for what is not said. */
export interface TortureOptions {
  /** Everything random comes from it: the same seed tries the same faults in the same order. */
  seed: number;
  /** Kills, mutated bodies, outages: the unit is the battery's own. */
  rounds: number | undefined;
  seconds: number | undefined;
}

/** One kind of harm. Resolves when the collector stood it; rejects with what was lost, doubled or crashed, and the seed. */
export interface Battery {
  name: string;
  about: string;
  run(options: TortureOptions): Promise<void>;
}
