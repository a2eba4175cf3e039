import { openSync, writeSync } from 'node:fs';
import { type StepTrace, untraced } from '../self/step-trace.js';

/** Appends a line `<process id> <step> <position>` for every step to the file; nothing when the path is empty. */
export function openStepTrace(path: string): StepTrace {
  if (path === '') return untraced;
  const file = openSync(path, 'a');
  return (step, position) => {
    writeSync(file, `${process.pid} ${step} ${position}\n`);
  };
}
