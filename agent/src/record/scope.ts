/** Who made a record: OTLP's instrumentation scope. Compared by identity, so keep one constant object per scope. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl?: string;
}
