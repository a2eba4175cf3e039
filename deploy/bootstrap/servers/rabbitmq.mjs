import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { findFreePort } from '../free-port.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** The server's own script: Debian's in the path changes to another user. */
export function findRabbitmq() {
  const base = '/usr/lib/rabbitmq/lib';
  const versions = existsSync(base) ? readdirSync(base) : [];
  return versions.map((version) => join(base, version, 'sbin', 'rabbitmq-server')).find((path) => existsSync(path));
}

/** @type {import('../servers.d.mts').startRabbitmq} */
export async function startRabbitmq() {
  const script = findRabbitmq();
  if (script === undefined) throw new CannotError('There is no RabbitMQ here.');
  const [port, names, nodes] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const folder = temporaryFolder('rabbitmq');
  writeFileSync(join(folder, 'rabbitmq.conf'), `listeners.tcp.default = 127.0.0.1:${port}\nlog.console = true\n`);
  const running = await startProgram({
    name: 'RabbitMQ',
    folder,
    // Erlang's port mapper would otherwise be started as a daemon, and live on.
    command: '/bin/sh',
    args: ['-c', `epmd -address 127.0.0.1 -port ${names} & exec ${script}`],
    env: {
      ERL_EPMD_PORT: String(names),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `orrery-${port}@localhost`,
      RABBITMQ_DIST_PORT: String(nodes),
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
    },
    port,
  });
  return { ...running, url: `amqp://guest:guest@127.0.0.1:${port}` };
}
