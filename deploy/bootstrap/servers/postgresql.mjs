import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { findFreePort } from '../free-port.mjs';
import { serverIdentity } from '../reachable-folder.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** Folder of the newest PostgreSQL's programs: Debian keeps them out of the path. */
export function findPostgresql() {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(base, version, 'bin'));
  return [...folders, '/usr/bin', '/usr/local/bin'].find((folder) => existsSync(join(folder, 'initdb')));
}

/** @type {import('../servers.d.mts').startPostgresql} */
export async function startPostgresql() {
  const programs = findPostgresql();
  if (programs === undefined) throw new CannotError('There is no PostgreSQL here.');
  const port = await findFreePort();
  const folder = temporaryFolder('postgresql');
  const data = join(folder, 'data');
  const options = { cwd: folder, ...serverIdentity() };
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  const made = await runCommand(join(programs, 'initdb'), args, options);
  if (made.code !== 0) throw new CannotError(`PostgreSQL's initdb failed: ${lastLines(made.output, 3)}`);
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    [
      "listen_addresses = '127.0.0.1'",
      `port = ${port}`,
      `unix_socket_directories = '${folder}'`,
      'fsync = off',
      'max_connections = 20',
      'shared_buffers = 16MB',
    ].join('\n'),
  );
  const running = await startProgram({
    name: 'PostgreSQL',
    folder,
    command: join(programs, 'postgres'),
    args: ['-D', data],
    port,
    isReady: async () =>
      (await runCommand(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])).code === 0,
  });
  return { ...running, url: `postgres://postgres@127.0.0.1:${port}/postgres` };
}
