export { missingServers, provideServers } from './servers/debian-servers.mjs';
export { hasKafka, provideKafka, startKafka } from './servers/kafka.mjs';
export { startMariadb } from './servers/mariadb.mjs';
export { startMemcached } from './servers/memcached.mjs';
export { startNats } from './servers/nats.mjs';
export { startPostgresql } from './servers/postgresql.mjs';
export { startRabbitmq } from './servers/rabbitmq.mjs';
export { startRedis } from './servers/redis.mjs';
