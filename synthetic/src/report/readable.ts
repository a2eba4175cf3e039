import type { CheckRun } from '@orrery/collector/api';
import { durationText } from '../check/duration.js';
import { faultText } from '../check/fault.js';
import type { RunReport } from './run-report.js';

const marks: Record<CheckRun['verdict'], string> = { pass: '✓', fail: '✗', no_data: '?', cannot_run: '–' };
const stepMarks = { pass: '✓', fail: '✗', skipped: '·' } as const;

/** One run as people read it in a terminal; the steps only where something failed. */
export function readableRun(title: string, run: CheckRun): string {
  const lines = [`${marks[run.verdict]} ${title} (${run.check}, ${durationText(run.duration_ms)})`];
  if (run.verdict !== 'pass') {
    lines.push(`    ${run.sentence}`);
    for (const step of run.steps) {
      const took = step.outcome === 'skipped' ? 'skipped' : durationText(step.duration_ms);
      lines.push(`    ${stepMarks[step.outcome]} ${step.name} (${took})${step.artifact ? ` → ${step.artifact}` : ''}`);
    }
    if (run.attempts > 1) lines.push(`    after ${run.attempts} tries`);
    if (run.trace_id) lines.push(`    trace ${run.trace_id}`);
  }
  return lines.join('\n');
}

export function readableSummary(report: RunReport): string {
  const lines = report.broken.flatMap(({ file, faults }) => faults.map((fault) => faultText(file, fault)));
  const count = (verdict: CheckRun['verdict']) => report.runs.filter(({ run }) => run.verdict === verdict).length;
  const parts = [
    `${count('pass')} passed`,
    `${count('fail')} failed`,
    ...(count('no_data') > 0 ? [`${count('no_data')} without an answer`] : []),
    ...(count('cannot_run') > 0 ? [`${count('cannot_run')} cannot run`] : []),
    ...(report.broken.length > 0 ? [`${report.broken.length} files with faults`] : []),
  ];
  lines.push(`${parts.join(', ')} in ${durationText(report.duration_ms)}`);
  return lines.join('\n');
}
