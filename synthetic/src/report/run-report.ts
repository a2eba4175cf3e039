import type { CheckRun } from '@orrery/collector/api';
import type { LoadedFile } from '../check/check.js';
import type { Fault } from '../check/fault.js';

/** All of one `run`: files with faults, and the runs of the others. */
export interface RunReport {
  readonly started: number;
  readonly duration_ms: number;
  readonly broken: readonly { readonly file: string; readonly name: string; readonly faults: readonly Fault[] }[];
  readonly runs: readonly { readonly file: string; readonly title: string; readonly run: CheckRun }[];
}

export function brokenOf(files: readonly LoadedFile[]): RunReport['broken'] {
  return files.flatMap((one) => (one.check ? [] : [{ file: one.file, name: one.broken.name, faults: one.faults }]));
}

/** 0 all pass, 1 something does not, 2 faults in files. */
export function exitCodeOf(report: RunReport): 0 | 1 | 2 {
  if (report.broken.length > 0) return 2;
  return report.runs.every(({ run }) => run.verdict === 'pass') ? 0 : 1;
}
