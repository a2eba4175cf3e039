import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { findFreePort } from '../free-port.mjs';
import { serverIdentity } from '../reachable-folder.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** @type {import('../servers.d.mts').startMariadb} */
export async function startMariadb() {
  const port = await findFreePort();
  const folder = temporaryFolder('mariadb');
  const data = join(folder, 'data');
  const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  const made = await runCommand('mariadb-install-db', install, { cwd: folder, ...serverIdentity() });
  if (made.code !== 0) throw new CannotError(`mariadb-install-db failed: ${lastLines(made.output, 3)}`);
  const init = join(folder, 'init.sql');
  writeFileSync(init, 'CREATE DATABASE IF NOT EXISTS test;\n');
  const running = await startProgram({
    name: 'MariaDB',
    folder,
    command: 'mariadbd',
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--init-file=${init}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
    ],
    port,
  });
  return { ...running, url: `mysql://root@127.0.0.1:${port}/test` };
}
