import type { Operation } from '@orrery/collector/api';
import { both, clause } from '../../api/filter-text.js';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { useDoor } from '../../time/use-address.js';
import { Door } from '../../ui/Door.js';
import { rateText } from '../../ui/figure-text.js';
import { errorColumn, p50Column, p95Column, sparkColumn } from './red-columns.js';
import styles from './ServiceTable.module.css';

export function OperationTable({ service, operations }: { service: string; operations: readonly Operation[] }) {
  const door = useDoor();
  const filter = (row: Operation) => both(clause('service', service), clause('name', row.operation));
  const source = { name: (row: Operation) => row.operation, filter };
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
        sparkColumn(source),
        errorColumn(source),
        p50Column(),
        p95Column(source),
        { id: 'p99', name: 'p99', right: true, secondary: true, cell: (row) => durationText(row.p99_ms) },
      ]}
    />
  );
}
