/** A real server on loopback, on a free port, in a process group and a folder of its own. */
export interface RunningServer {
  readonly port: number;
  /** How clients are told where it is. */
  readonly url: string;
  /** Ends it, by force after 10 s, and removes its folder. It is also ended when this process dies, however it dies. */
  stop(): Promise<void>;
}

/**
 * Installs those servers that Debian has: PostgreSQL, Redis, MariaDB, RabbitMQ, NATS, Memcached.
 * @throws CannotError with a sentence for a person when one is missing and cannot be installed
 */
export function provideServers(): Promise<void>;

/** Names of those servers that are not installed. */
export function missingServers(): string[];

/**
 * Fetches Kafka's jars from Maven Central unless they are there already.
 * @throws CannotError with a sentence for a person when Java, Maven or the network is missing
 */
export function provideKafka(): Promise<{ home: string; javaHome: string }>;

/** Whether Kafka has been fetched. */
export function hasKafka(): boolean;

/** `postgres://…`, superuser `postgres`, no password. */
export function startPostgresql(): Promise<RunningServer>;
/** `redis://…`, nothing is kept. */
export function startRedis(): Promise<RunningServer>;
/** `mysql://root@…/test`, no password. */
export function startMariadb(): Promise<RunningServer>;
/** `amqp://…` */
export function startRabbitmq(): Promise<RunningServer>;
/** `nats://…` */
export function startNats(): Promise<RunningServer>;
/** `host:port` */
export function startMemcached(): Promise<RunningServer>;
/** One node (KRaft), `host:port`; topics are made when they are first used. */
export function startKafka(): Promise<RunningServer>;
