import type { LogRow, Trace } from '@orrery/collector/api';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { msOfNano } from '../../time/instant-text.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { When } from '../../ui/When.js';
import { SeverityMark } from '../logs/SeverityMark.js';
import styles from './TraceView.module.css';

/** What was said during this trace, in order. */
export function TraceLogs({
  trace,
  logs,
  onSelect,
}: {
  trace: Trace;
  logs: readonly LogRow[];
  onSelect: (spanId: string) => void;
}) {
  if (logs.length === 0) {
    return (
      <EmptyView
        title="No log line belongs to this trace"
        why="Lines join a trace by their trace_id; the agent puts it into every line of pino, winston, bunyan and console."
      />
    );
  }
  const start = msOfNano(trace.summary.start);
  return (
    <div className={styles.pad}>
      <DataTable
        label="Log lines of this trace"
        rows={logs}
        rowKey={(row) => row.id}
        onOpen={(row) => onSelect(row.span_id)}
        columns={[
          {
            id: 'at',
            name: 'At',
            width: 90,
            right: true,
            cell: (row) => `+${durationText(msOfNano(row.time) - start)}`,
          },
          { id: 'time', name: 'Time', width: 110, secondary: true, cell: (row) => <When nano={row.time} millis /> },
          { id: 'severity', name: 'Severity', width: 90, cell: (row) => <SeverityMark severity={row.severity} /> },
          { id: 'service', name: 'Service', width: 150, cell: (row) => <ServiceName name={row.service} plain /> },
          {
            id: 'body',
            name: 'Line',
            cell: (row) => (
              <span className="mono" title={row.body}>
                {row.body}
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}
