import type { Trace } from '@orrery/collector/api';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { msOfNano } from '../../time/instant-text.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { When } from '../../ui/When.js';
import { SeverityMark } from '../logs/SeverityMark.js';
import styles from './TraceView.module.css';
import type { TraceLines } from './trace-lines.js';

/** What was said during this trace, in order. */
export function TraceLogs({
  trace,
  lines: { rows: logs, state },
  onSelect,
}: {
  trace: Trace;
  lines: TraceLines;
  onSelect: (spanId: string) => void;
}) {
  if (state === 'unread') {
    return (
      <EmptyView
        title="The log lines of this trace could not be read"
        why="The store did not answer when asked for them."
      >
        <Door to="/logs" search={{ q: `trace_id:"${trace.summary.trace_id}"` }}>
          Look for them in the logs
        </Door>
      </EmptyView>
    );
  }
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
