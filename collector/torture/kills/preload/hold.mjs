/**
 * Preloaded into a process of the collector: freezes it at a step of its own trace, so that `kill -9` strikes exactly
 * there. The file `TORTURE_HOLD` holds `<step> <count>` while somebody wants that: the step's count-th time from then on.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const write = fs.writeSync;
let asked = '';
let seen = 0;

fs.writeSync = (file, data, ...rest) => {
  const written = write(file, data, ...rest);
  const step = typeof data === 'string' ? /^\d+ ([a-z]+\.[a-z]+) \d+\n$/.exec(data)?.[1] : undefined;
  if (step !== undefined) {
    const wanted = readWanted();
    if (wanted !== asked) {
      asked = wanted;
      seen = 0;
    }
    const [name, count] = wanted.split(' ');
    if (name === step && ++seen >= Number(count)) {
      write(file, `${process.pid} held ${step}\n`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
  }
  return written;
};
syncBuiltinESMExports();

function readWanted() {
  try {
    return fs.readFileSync(process.env.TORTURE_HOLD, 'utf8');
  } catch {
    return '';
  }
}
