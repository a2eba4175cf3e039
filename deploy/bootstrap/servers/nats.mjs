import { findFreePort } from '../free-port.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** @type {import('../servers.d.mts').startNats} */
export async function startNats() {
  const port = await findFreePort();
  const folder = temporaryFolder('nats');
  const args = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', folder];
  const running = await startProgram({ name: 'NATS', folder, command: 'nats-server', args, port });
  return { ...running, url: `nats://127.0.0.1:${port}` };
}
