import {
  hasKafka,
  missingServers,
  type RunningServer,
  startKafka,
  startMariadb,
  startMemcached,
  startNats,
  startPostgresql,
  startRabbitmq,
  startRedis,
} from '../../deploy/bootstrap/servers.mjs';

const START = {
  PostgreSQL: startPostgresql,
  MariaDB: startMariadb,
  Redis: startRedis,
  Memcached: startMemcached,
  RabbitMQ: startRabbitmq,
  Kafka: startKafka,
  NATS: startNats,
} as const;
export type ServerName = keyof typeof START;

/** Whether a server can be started on this machine. */
export function isThere(name: ServerName): boolean {
  return name === 'Kafka' ? hasKafka() : !missingServers().includes(name);
}

/** Real servers that applications of the matrix talk to: each is started when it is first needed and serves one at a time. */
export class Servers {
  private readonly running = new Map<ServerName, Promise<RunningServer>>();
  private readonly turns = new Map<ServerName, Promise<unknown>>();

  /** `work` has the server for itself: what others store or send there would be seen as its own. */
  async alone<Result>(name: ServerName, work: (url: string) => Promise<Result>): Promise<Result> {
    const server = this.running.get(name) ?? START[name]();
    this.running.set(name, server);
    const turn = (this.turns.get(name) ?? Promise.resolve()).then(async () => work((await server).url));
    this.turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.running.values()].map(async (server) => (await server).stop()));
  }
}
