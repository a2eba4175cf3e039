import type { DuckDBValue } from '@duckdb/node-api';

const LARGEST = 2n ** 63n - 1n;

/** Values of a statement. What a person typed goes to DuckDB this way only, never as part of the SQL. */
export class Params {
  readonly values: DuckDBValue[] = [];

  /** Adds a value and returns what stands for it in the SQL. */
  text(value: string): string {
    return `$${this.values.push(value)}::VARCHAR`;
  }

  number(value: number): string {
    return `$${this.values.push(value)}::DOUBLE`;
  }

  /**
   * Numbers and ids stand in the SQL themselves: a statement without values is one step for DuckDB instead of three.
   * Beyond 64 bits the nearest there is: no stored integer lies there, so comparisons stay what they would be.
   */
  integer(value: bigint | number): string {
    const exact = BigInt(value);
    const bounded = exact > LARGEST ? LARGEST : exact < -LARGEST ? -LARGEST : exact;
    return `(${bounded})::BIGINT`;
  }

  /** Trace ids as one list: each value of its own would cost DuckDB's planner a fraction of a millisecond. */
  ids(hexes: readonly string[]): string {
    return `'[${hexes.map((hex) => BigInt(`0x${hex}`)).join(',')}]'::UHUGEINT[]`;
  }

  /** A trace id (32 hex digits); also span ids, which fit. */
  id(hex: string): string {
    // Quoted: the upper half of all ids is no number that SQL could write.
    return `'${BigInt(`0x${hex}`)}'::UHUGEINT`;
  }
}
