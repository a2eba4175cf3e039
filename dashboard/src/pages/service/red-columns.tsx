import type { Operation, ServiceSummary } from '@orrery/collector/api';
import { both } from '../../api/filter-text.js';
import { Sparkline } from '../../chart/Sparkline.js';
import type { Column } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { Door } from '../../ui/Door.js';
import { percentText } from '../../ui/figure-text.js';
import styles from './ServiceTable.module.css';

type Measured = ServiceSummary | Operation;
/** Of a row: its name as people read it, and the filter that finds the traces its figures were made of. */
interface Source<Row> {
  name: (row: Row) => string;
  filter: (row: Row) => string;
}

export function sparkColumn<Row extends Measured>({ name }: Source<Row>): Column<Row> {
  return {
    id: 'spark',
    name: 'Requests, errors',
    secondary: true,
    width: 116,
    cell: (row) => (
      <Sparkline values={row.series.requests} marks={row.series.errors} label={`Requests of ${name(row)}`} />
    ),
  };
}

export function errorColumn<Row extends Measured>({ filter }: Source<Row>): Column<Row> {
  return {
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
  };
}

export function p50Column<Row extends Measured>(): Column<Row> {
  return { id: 'p50', name: 'p50', right: true, secondary: true, cell: (row) => durationText(row.p50_ms) };
}

/** Leads to the slowest traces first. */
export function p95Column<Row extends Measured>({ filter }: Source<Row>): Column<Row> {
  return {
    id: 'p95',
    name: 'p95',
    right: true,
    cell: (row) => (
      <Door to="/traces" search={{ q: filter(row), sort: 'duration' }}>
        {durationText(row.p95_ms)}
      </Door>
    ),
  };
}
