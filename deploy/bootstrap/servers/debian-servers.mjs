import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { canInstallPackages, installPackages } from '../debian.mjs';
import { root } from '../repository.mjs';
import { singleRun } from '../single-run.mjs';
import { findPostgresql } from './postgresql.mjs';
import { findRabbitmq } from './rabbitmq.mjs';

/**
 * Servers that tests of the agent talk to, as Debian has them.
 * @type {{ what: string, package: string, isThere: () => boolean }[]}
 */
const servers = [
  { what: 'PostgreSQL', package: 'postgresql', isThere: () => findPostgresql() !== undefined },
  { what: 'Redis', package: 'redis-server', isThere: () => hasProgram('redis-server') },
  { what: 'MariaDB', package: 'mariadb-server', isThere: () => hasProgram('mariadbd') },
  { what: 'RabbitMQ', package: 'rabbitmq-server', isThere: () => findRabbitmq() !== undefined },
  { what: 'NATS', package: 'nats-server', isThere: () => hasProgram('nats-server') },
  { what: 'Memcached', package: 'memcached', isThere: () => hasProgram('memcached') },
];

/** @param {string} name */
function hasProgram(name) {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, name)));
}

/** Those that are not here, in words. */
export function missingServers() {
  return servers.filter(({ isThere }) => !isThere()).map(({ what }) => what);
}

/** @type {import('../servers.d.mts').provideServers} */
export async function provideServers() {
  const absent = () => servers.filter(({ isThere }) => !isThere());
  if (absent().length === 0) return;
  const packages = absent().map((server) => server.package);
  const advice = `as root on Debian, "apt-get install ${packages.join(' ')}"`;
  if (!canInstallPackages()) throw new CannotError(`There is no ${missingServers().join(', ')}: ${advice}.`);
  await singleRun(join(root, '.tools', 'servers.lock'), () => installPackages([packages]));
  if (absent().length > 0) throw new CannotError(`There is still no ${missingServers().join(', ')}: ${advice}.`);
}
