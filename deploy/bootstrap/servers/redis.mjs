import { findFreePort } from '../free-port.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** @type {import('../servers.d.mts').startRedis} */
export async function startRedis() {
  const port = await findFreePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const folder = temporaryFolder('redis');
  const running = await startProgram({ name: 'Redis', folder, command: 'redis-server', args, port });
  return { ...running, url: `redis://127.0.0.1:${port}` };
}
