import type { SpanRule } from '../../engine/tracer-provider.js';

/** A query over a sub-query has a function, or a builder, where others have the name of a table; its source is no name. */
export const knexSpans: SpanRule = {
  scope: '@opentelemetry/instrumentation-knex',
  nameOf: (name, attributes) => {
    const {
      'db.collection.name': table,
      'db.operation.name': operation,
      'db.namespace': database,
    }: Readonly<Record<string, unknown>> = attributes ?? {};
    if (table === undefined || table === null || typeof table === 'string') return name;
    return [operation, database].filter((part) => typeof part === 'string').join(' ');
  },
};
