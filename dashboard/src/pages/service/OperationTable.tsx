import type { Operation } from '@orrery/collector/api';
import { both, clause } from '../../api/filter-text.js';
import { Sparkline } from '../../chart/Sparkline.js';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { useDoor } from '../../time/use-address.js';
import { Door } from '../../ui/Door.js';
import { percentText, rateText } from '../../ui/figure-text.js';
import styles from './ServiceTable.module.css';

export function OperationTable({ service, operations }: { service: string; operations: readonly Operation[] }) {
  const door = useDoor();
  const filter = (row: Operation) => both(clause('service', service), clause('name', row.operation));
  return (
    <DataTable
      label="Operations"
      rows={operations}
      rowKey={(row) => `${row.kind} ${row.operation}`}
      href={(row) => door('/traces', { q: filter(row) })}
      columns={[
        {
          id: 'operation',
          name: 'Operation',
          cell: (row) => (
            <Door to="/traces" search={{ q: filter(row) }}>
              {row.operation}
            </Door>
          ),
        },
        { id: 'kind', name: 'Kind', secondary: true, cell: (row) => <span className={styles.faint}>{row.kind}</span> },
        { id: 'rate', name: 'Rate', right: true, cell: (row) => rateText(row.rate) },
        {
          id: 'spark',
          name: 'Requests, errors',
          secondary: true,
          cell: (row) => (
            <Sparkline values={row.series.requests} marks={row.series.errors} label={`Requests of ${row.operation}`} />
          ),
        },
        {
          id: 'errors',
          name: 'Errors',
          right: true,
          cell: (row) => (
            <Door
              to="/traces"
              search={{ q: both(filter(row), 'status:error') }}
              className={styles.errors}
              data-bad={(row.error_ratio ?? 0) >= 0.05 || undefined}
              data-some={(row.error_ratio ?? 0) >= 0.01 || undefined}
            >
              {percentText(row.error_ratio)}
            </Door>
          ),
        },
        { id: 'p50', name: 'p50', right: true, secondary: true, cell: (row) => durationText(row.p50_ms) },
        {
          id: 'p95',
          name: 'p95',
          right: true,
          cell: (row) => (
            <Door to="/traces" search={{ q: filter(row), sort: 'duration' }}>
              {durationText(row.p95_ms)}
            </Door>
          ),
        },
        { id: 'p99', name: 'p99', right: true, secondary: true, cell: (row) => durationText(row.p99_ms) },
      ]}
    />
  );
}
