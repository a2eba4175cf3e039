import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { isPortFree } from '../free-port.mjs';
import { root } from '../repository.mjs';

const mebibyte = 1024 * 1024;
const neededForPackages = 1_500 * mebibyte;
const neededForData = 300 * mebibyte;

/** Shop ports that somebody listens on, counted from the first. */
const shopOffsets = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13];

/**
 * Everything that would make the start fail later, looked at before anything is done.
 * @param {import('./options.mjs').StartOptions} options
 * @throws {CannotError} with the way out
 */
export async function checkMachine({ demo, dataDir, uiPort, otlpPort, demoPort, host }) {
  await checkPort(uiPort, host, 'dashboard and API', '--ui-port');
  await checkPort(otlpPort, host, 'OTLP', '--otlp-port');
  if (demo) {
    for (const offset of shopOffsets) {
      await checkPort(
        demoPort + offset,
        '127.0.0.1',
        'demo shop',
        '--demo-port (or leave the shop out with --no-demo)',
      );
    }
  }
  makeFolder(dataDir);
  const installed = existsSync(join(root, 'node_modules', '.pnpm'));
  checkSpace(root, installed ? neededForData : neededForPackages, 'free some and try again');
  checkSpace(dataDir, neededForData, 'free some, or keep the data elsewhere with --data-dir');
}

/**
 * @param {number} port
 * @param {string} host
 * @param {string} what
 * @param {string} option
 */
async function checkPort(port, host, what, option) {
  if (await isPortFree(port, host)) return;
  throw new CannotError(
    `Port ${port} (${what}) is in use: is Orrery running already? Stop what holds it, or choose another with ${option}.`,
  );
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new CannotError(`The data directory ${folder} cannot be made: choose another with --data-dir.`, error);
  }
}

/**
 * @param {string} folder
 * @param {number} needed bytes
 * @param {string} wayOut
 */
function checkSpace(folder, needed, wayOut) {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const [has, wants] = [free, needed].map((bytes) => Math.floor(bytes / mebibyte));
  throw new CannotError(`The disk of ${folder} has ${has} MiB left and ${wants} MiB are needed: ${wayOut}.`);
}
