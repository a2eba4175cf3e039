import { CassandraDriverInstrumentation } from '@opentelemetry/instrumentation-cassandra-driver';

export const create = (): CassandraDriverInstrumentation => new CassandraDriverInstrumentation();
