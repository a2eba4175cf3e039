/** A number of rows and the event times they cover, nanoseconds as text because they are kept as JSON. */
export interface FactExtent {
  rows: number;
  minNano: string;
  maxNano: string;
}

/** What is known of a sealed slice without looking into its tables. Kept in the slice as JSON. */
export interface SliceFacts {
  /** Names of the services that sent spans or lines; null when they are too many to list. */
  services: string[] | null;
  /** Figures by minute, edges, and what was said of sagas and breakers. */
  figures: FactExtent;
  sagas: FactExtent;
  breakers: FactExtent;
  /** Whether its table of operations names all there are; missing in slices of before there was one. */
  operations?: boolean;
  /** Whether it has a filter over the traces that links name; missing likewise. */
  links?: boolean;
  /** Signals whose rows were removed by retention. */
  removed: number[];
}

/** Whether rows with such times may lie in `[fromNano, toNano)`. */
export function factsOverlap(extent: FactExtent, fromNano: bigint, toNano: bigint): boolean {
  return extent.rows > 0 && BigInt(extent.maxNano) >= fromNano && BigInt(extent.minNano) < toNano;
}
