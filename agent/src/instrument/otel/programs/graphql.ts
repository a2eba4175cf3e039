import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql';

/**
 * A span for each property that is only read would be most of the trace, and say nothing; one for each item of a list has its
 * position in its name, so a field of all items is one (`beds.*.name`).
 */
export const create = (): GraphQLInstrumentation =>
  new GraphQLInstrumentation({ ignoreTrivialResolveSpans: true, mergeItems: true });
