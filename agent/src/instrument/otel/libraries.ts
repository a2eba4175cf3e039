/**
 * Libraries observed by an unmodified OpenTelemetry instrumentation: the built program (`otel/programs/<name>.ts`) and
 * the packages that it declares to patch. Which versions and which of their files is the instrumentation's own word; a
 * test holds the names equal to what each declares. A version that is not declared is told of the first package only.
 */
export const OTEL_LIBRARIES: readonly { readonly program: string; readonly libraries: readonly string[] }[] = [
  { program: 'amqplib', libraries: ['amqplib'] },
  {
    program: 'aws-sdk',
    libraries: [
      '@aws-sdk/middleware-stack',
      '@aws-sdk/smithy-client',
      '@smithy/core',
      '@smithy/middleware-stack',
      '@smithy/smithy-client',
    ],
  },
  { program: 'cassandra-driver', libraries: ['cassandra-driver'] },
  { program: 'dataloader', libraries: ['dataloader'] },
  { program: 'generic-pool', libraries: ['generic-pool'] },
  { program: 'graphql', libraries: ['graphql'] },
  { program: 'grpc', libraries: ['@grpc/grpc-js'] },
  { program: 'ioredis', libraries: ['ioredis'] },
  { program: 'kafkajs', libraries: ['kafkajs'] },
  { program: 'knex', libraries: ['knex'] },
  { program: 'lru-memoizer', libraries: ['lru-memoizer'] },
  { program: 'memcached', libraries: ['memcached'] },
  { program: 'mongodb', libraries: ['mongodb'] },
  { program: 'mongoose', libraries: ['mongoose'] },
  { program: 'mysql', libraries: ['mysql'] },
  { program: 'mysql2', libraries: ['mysql2'] },
  { program: 'oracledb', libraries: ['oracledb'] },
  { program: 'pg', libraries: ['pg', 'pg-pool'] },
  { program: 'redis', libraries: ['@redis/client', '@node-redis/client', 'redis'] },
  { program: 'socket.io', libraries: ['socket.io'] },
  { program: 'tedious', libraries: ['tedious'] },
];
