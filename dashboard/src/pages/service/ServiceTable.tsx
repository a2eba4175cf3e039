import type { ServiceSummary } from '@orrery/collector/api';
import { both, clause } from '../../api/filter-text.js';
import { Sparkline } from '../../chart/Sparkline.js';
import { type Column, DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { useDoor } from '../../time/use-address.js';
import { Door } from '../../ui/Door.js';
import { percentText, rateText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { changeText } from './change-text.js';
import styles from './ServiceTable.module.css';

const path = (service: string) => `/services/${encodeURIComponent(service)}`;

/** Services, worst first; every figure leads to the traces it was made of. */
export function ServiceTable({ services, compact }: { services: readonly ServiceSummary[]; compact?: boolean }) {
  const door = useDoor();
  const columns: Column<ServiceSummary>[] = [
    { id: 'service', name: 'Service', cell: (row) => <ServiceName name={row.service} /> },
    {
      id: 'rate',
      name: 'Rate',
      right: true,
      cell: (row) => (
        <Door to="/traces" search={{ q: clause('service', row.service) }}>
          {rateText(row.rate)}
        </Door>
      ),
    },
    {
      id: 'change',
      name: 'Before',
      secondary: true,
      cell: (row) => <span className={styles.faint}>{changeText(row.rate, row.previous?.rate ?? null)}</span>,
    },
    {
      id: 'spark',
      name: 'Requests, errors',
      secondary: true,
      width: 116,
      cell: (row) => (
        <Sparkline values={row.series.requests} marks={row.series.errors} label={`Requests of ${row.service}`} />
      ),
    },
    {
      id: 'errors',
      name: 'Errors',
      right: true,
      cell: (row) => (
        <Door
          to="/traces"
          search={{ q: both(clause('service', row.service), 'status:error') }}
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
        <Door to="/traces" search={{ q: clause('service', row.service), sort: 'duration' }}>
          {durationText(row.p95_ms)}
        </Door>
      ),
    },
    {
      id: 'p95change',
      name: 'Before',
      secondary: true,
      cell: (row) => <span className={styles.faint}>{changeText(row.p95_ms, row.previous?.p95_ms ?? null)}</span>,
    },
    {
      id: 'breakers',
      name: 'Breakers',
      secondary: true,
      cell: (row) =>
        row.open_breakers > 0 ? (
          <Door to="/breakers" search={{ service: row.service }}>
            <ToneMark tone="bad" shape="ban">
              {row.open_breakers} open
            </ToneMark>
          </Door>
        ) : null,
    },
  ];
  if (!compact) {
    columns.push(
      { id: 'instances', name: 'Instances', right: true, secondary: true, cell: (row) => row.instances },
      {
        id: 'versions',
        name: 'Versions',
        secondary: true,
        cell: (row) => <span className={styles.faint}>{row.versions.join(', ')}</span>,
      },
      {
        id: 'language',
        name: 'Language',
        secondary: true,
        cell: (row) => <span className={styles.faint}>{row.language}</span>,
      },
    );
  }
  return (
    <DataTable
      label="Services, worst first"
      columns={columns}
      rows={services}
      rowKey={(row) => row.service}
      href={(row) => door(path(row.service))}
    />
  );
}
