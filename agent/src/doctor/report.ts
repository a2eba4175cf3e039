import type { CollectorAnswer } from './ask-collector.js';
import type { Findings } from './findings.js';

/** The findings as a person reads them: what is well, what is not, and what to do. */
export function report(found: Findings): string {
  const lines = [
    `agent ${found.agent || 'not started'} · Node ${found.node} · service ${found.service || '?'} · engine ${found.engine || '?'}`,
    '',
    'Collector',
    ...found.collector.map((answer) => `  ${mark(answer.ok)} ${answer.url}: ${collectorSentence(answer)}`),
    '',
    'Watched from the start',
    `  ${found.builtIns.join(', ') || 'nothing'}`,
    '',
    'Libraries',
    ...(found.libraries.length === 0 ? ['  none of those the agent knows was loaded'] : []),
    ...found.libraries.map(
      ({ name, version, state, reason }) =>
        `  ${mark(state === 'observed')} ${name} ${version}`.padEnd(34) +
        (reason === '' ? state : `${state}: ${reason}`),
    ),
  ];
  lines.push('', 'Correlation', ...correlationLines(found.completeness));
  if (found.gaps.length > 0) {
    lines.push('', 'Where correlation ends', ...found.gaps.map(({ name, advice }) => `  - ${name}: ${advice}`));
  }
  if (found.warnings.length > 0) lines.push('', 'Warnings', ...found.warnings.map((warning) => `  ✗ ${warning}`));
  lines.push('', 'The application', `  ${ending(found.ended)}`);
  if (found.sent !== null && found.dropped !== null) {
    const { sent, dropped } = found;
    lines.push(
      `  sent: ${sent.traces} spans, ${sent.logs} log records, ${sent.metrics} metric points; ` +
        `lost: ${dropped.traces + dropped.logs + dropped.metrics}`,
    );
    if (sent.traces === 0) lines.push('  no span yet: send it a request while the doctor watches (--seconds 30)');
  }
  lines.push('', found.ok ? 'All is well.' : 'Something needs a look: see ✗ above.');
  return `${lines.join('\n')}\n`;
}

function correlationLines({ percent, parts }: Findings['completeness']): string[] {
  if (percent === null) return ['  nothing to judge yet: send it requests while the doctor watches (--seconds 30)'];
  return [
    `  ${percent} % complete`,
    ...parts.flatMap(({ what, good, of, missing }) => [
      `  ${mark(good === of)} ${good} of ${of} ${what}`,
      ...(good === of ? [] : [`      the other ${of - good}: ${missing}`]),
    ]),
  ];
}

function mark(ok: boolean): string {
  return ok ? '✓' : '✗';
}

function collectorSentence({ ok, said, milliseconds, clockOffsetMs }: CollectorAnswer): string {
  if (!ok && said === 'ECONNREFUSED')
    return 'nobody listens there; start the collector or set OTEL_EXPORTER_OTLP_ENDPOINT';
  const clock = clockOffsetMs === null ? '' : `, its clock is ${seconds(clockOffsetMs)}`;
  return `${said} after ${milliseconds} ms${clock}`;
}

function seconds(offsetMs: number): string {
  return Math.abs(offsetMs) < 1000 ? 'that of this machine (±1 s)' : `${(offsetMs / 1000).toFixed(1)} s ahead`;
}

function ending(ended: Findings['ended']): string {
  if (ended === null) return 'was running well when the doctor ended it';
  return ended.signal === null ? `ended by itself with code ${ended.code}` : `was ended by ${ended.signal}`;
}
