import type { DuckDBValue } from '@duckdb/node-api';

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

  integer(value: bigint | number): string {
    return `$${this.values.push(BigInt(value))}::BIGINT`;
  }

  /** A trace id (32 hex digits); also span ids, which fit. */
  id(hex: string): string {
    // As text: a bound bigint becomes a signed HUGEINT, which the upper half of all ids does not fit.
    return `$${this.values.push(BigInt(`0x${hex}`).toString())}::UHUGEINT`;
  }
}
