import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql';

/** A span for each property that is only read would be most of the trace, and say nothing. */
export const create = (): GraphQLInstrumentation => new GraphQLInstrumentation({ ignoreTrivialResolveSpans: true });
