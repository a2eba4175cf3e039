import type { LogRow } from '@orrery/collector/api';
import { type ReactNode, type RefObject, useMemo } from 'react';
import { type VirtualColumn, VirtualTable } from '../../table/VirtualTable.js';
import { Door } from '../../ui/Door.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { When } from '../../ui/When.js';
import styles from './LogTable.module.css';
import { SeverityMark } from './SeverityMark.js';
import { severityTone } from './severity-look.js';

/** Lines, newest first, wrapped or not; only those in view exist. */
export function LogTable({
  lines,
  wrap,
  selected,
  onOpen,
  onEnd,
  scroller,
  onScroll,
  foot,
}: {
  lines: readonly LogRow[];
  wrap: boolean;
  selected: string;
  onOpen: (line: LogRow) => void;
  onEnd: () => void;
  scroller: RefObject<HTMLDivElement | null>;
  onScroll: (top: number) => void;
  foot: ReactNode;
}) {
  const columns = useMemo<VirtualColumn<LogRow>[]>(
    () => [
      { id: 'time', name: 'Time', track: '100px', cell: (row) => <When nano={row.time} millis /> },
      { id: 'severity', name: 'Severity', track: '72px', cell: (row) => <SeverityMark severity={row.severity} /> },
      {
        id: 'service',
        name: 'Service',
        track: 'minmax(90px, 150px)',
        secondary: true,
        cell: (row) => <ServiceName name={row.service} plain />,
      },
      {
        id: 'body',
        name: 'Line',
        track: 'minmax(0, 1fr)',
        cell: (row) => (
          <span className={styles.body} data-wrap={wrap || undefined}>
            {row.event_name && <b>{row.event_name}</b>}
            {wrap ? row.body : row.body.slice(0, 400)}
          </span>
        ),
      },
      {
        id: 'trace',
        name: 'Trace',
        track: '72px',
        secondary: true,
        cell: (row) =>
          row.trace_id ? (
            <Door className={styles.trace} to={`/traces/${row.trace_id}`} search={{ span: row.span_id || undefined }}>
              {row.trace_id.slice(0, 8)}
            </Door>
          ) : null,
      },
    ],
    [wrap],
  );
  return (
    <VirtualTable
      label="Log lines"
      columns={columns}
      count={lines.length}
      rowAt={(index) => lines[index]}
      rowKey={(row) => row.id}
      selectedKey={selected || undefined}
      onOpen={onOpen}
      onEnd={onEnd}
      measured={wrap}
      rowHeight={28}
      scroller={scroller}
      onScroll={onScroll}
      foot={foot}
      tone={(row) => severityTone(row.severity)}
    />
  );
}
