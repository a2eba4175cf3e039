import { faultText } from '../check/fault.js';
import type { RunReport } from './run-report.js';

/** The report as JUnit XML: one test case a check; what could not be answered is an error, what cannot run is skipped. */
export function junitXml(report: RunReport): string {
  const cases = [
    ...report.runs.map(({ file, title, run }) => {
      const head = `<testcase name="${attribute(title)}" classname="${attribute(run.check)}" file="${attribute(file)}" time="${seconds(run.duration_ms)}"`;
      const steps = run.steps.map((step) =>
        `${step.outcome} ${step.name} (${step.duration_ms} ms) ${step.error}`.trim(),
      );
      const output = [...steps, ...(run.trace_id ? [`trace ${run.trace_id}`] : [])].join('\n');
      const system = output ? `<system-out>${content(output)}</system-out>` : '';
      return `${head}>${outcome(run.verdict, run.sentence)}${system}</testcase>`;
    }),
    ...report.broken.map(({ file, name, faults }) => {
      const text = faults.map((fault) => faultText(file, fault)).join('\n');
      return `<testcase name="${attribute(name)}" classname="${attribute(name)}" file="${attribute(file)}" time="0"><error type="faults" message="the file has faults">${content(text)}</error></testcase>`;
    }),
  ];
  const count = (...verdicts: string[]) => report.runs.filter(({ run }) => verdicts.includes(run.verdict)).length;
  const figures = `tests="${cases.length}" failures="${count('fail')}" errors="${count('no_data') + report.broken.length}" skipped="${count('cannot_run')}" time="${seconds(report.duration_ms)}"`;
  const when = new Date(report.started).toISOString();
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="orrery-synthetic" ${figures}>\n<testsuite name="checks" ${figures} timestamp="${when}">\n${cases.join('\n')}\n</testsuite>\n</testsuites>\n`;
}

function outcome(verdict: string, sentence: string): string {
  if (verdict === 'pass') return '';
  if (verdict === 'cannot_run') return `<skipped message="${attribute(sentence)}"/>`;
  const tag = verdict === 'fail' ? 'failure' : 'error';
  return `<${tag} type="${verdict}" message="${attribute(sentence)}">${content(sentence)}</${tag}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** XML 1.0 has no place for most control characters, escaped or not. */
function clean(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
}

function content(text: string): string {
  return clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\r', '&#13;');
}
