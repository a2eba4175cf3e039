import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

const mostBytes = 5 * 1024 * 1024;

/**
 * A log file that never grows past 5 MB: what is older stands beside it, once.
 * @param {string} path
 */
export function rollingFile(path) {
  mkdirSync(dirname(path), { recursive: true });
  let stream = createWriteStream(path, { flags: 'w' });
  let size = 0;
  return {
    /** @param {Buffer | string} chunk */
    write(chunk) {
      if (size > mostBytes) {
        stream.end();
        renameSync(path, `${path}.old`);
        stream = createWriteStream(path, { flags: 'w' });
        size = 0;
      }
      size += chunk.length;
      stream.write(chunk);
    },
  };
}
