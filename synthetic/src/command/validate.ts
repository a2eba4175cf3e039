import { faultText } from '../check/fault.js';
import { findFiles } from '../check/find-files.js';
import { loadFiles } from '../check/load-files.js';
import type { VariableSource } from '../check/variables.js';

/** Prints every fault of every file; the exit code: 0 none, 2 some. */
export async function validate(
  paths: readonly string[],
  source: VariableSource,
  print: (line: string) => void,
): Promise<0 | 2> {
  const { files, missing } = await findFiles(paths);
  for (const { path, message } of missing) print(`${path} ${message}`);
  const loaded = await loadFiles(files, source);
  const faults = loaded.flatMap((one) => one.faults.map((fault) => faultText(one.file, fault)));
  for (const fault of faults) print(fault);
  const bad = loaded.filter(({ check }) => check === null).length;
  print(`${loaded.length} files, ${bad === 0 ? 'no faults' : `${bad} with faults`}`);
  return faults.length + missing.length === 0 ? 0 : 2;
}
