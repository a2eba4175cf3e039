import type { LogRow, Trace } from '@orrery/collector/api';
import { msOfNano } from '../../../time/instant-text.js';
import { severityTone } from '../../logs/severity-look.js';
import styles from './Waterfall.module.css';

/** A log line at its instant, under the span that wrote it. */
export function LogLine({
  log,
  trace,
  view,
  transform,
}: {
  log: LogRow;
  trace: Trace;
  view: { from: number; to: number };
  transform: string;
}) {
  const at = ((msOfNano(log.time) - msOfNano(trace.summary.start) - view.from) / (view.to - view.from)) * 100;
  return (
    <div
      className={styles.log}
      style={{ transform }}
      data-tone={severityTone(log.severity)}
      title={log.body}
      role="treeitem"
      tabIndex={-1}
    >
      <div className={styles.logText}>
        <b>{log.severity}</b> {log.body}
      </div>
      <div className={styles.time}>
        {at >= 0 && at <= 100 && <i className={styles.logMark} style={{ left: `${at}%` }} />}
      </div>
    </div>
  );
}
