import { findFreePort } from '../free-port.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** @type {import('../servers.d.mts').startMemcached} */
export async function startMemcached() {
  const port = await findFreePort();
  const args = ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', '16'];
  const folder = temporaryFolder('memcached');
  const running = await startProgram({ name: 'Memcached', folder, command: 'memcached', args, port });
  return { ...running, url: `127.0.0.1:${port}` };
}
