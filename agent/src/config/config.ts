import type { OPTIONS } from './options.js';

type Read<Row> = Row extends { read: (text: string) => infer Value } ? Value : never;

/** The value of every row of `OPTIONS`, by its key. */
export type AgentConfig = { readonly [Key in keyof typeof OPTIONS]: Read<(typeof OPTIONS)[Key]> };
