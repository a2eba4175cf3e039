import { runMain } from '../cannot.mjs';
import { installPackages } from '../install-packages.mjs';
import { buildPackages } from './build-packages.mjs';

/** `npm run build [-- <package> …]` */
export function main() {
  return runMain(async () => {
    const only = process.argv.slice(2);
    await installPackages();
    await buildPackages(only.length > 0 ? { only } : {});
    console.log('Everything is built.');
  });
}
