import type { ServiceSummary } from '@orrery/collector/api';
import { clause } from '../../api/filter-text.js';
import { type Column, DataTable } from '../../table/DataTable.js';
import { useDoor } from '../../time/use-address.js';
import { Door } from '../../ui/Door.js';
import { rateText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { changeText } from './change-text.js';
import { errorColumn, p50Column, p95Column, sparkColumn } from './red-columns.js';
import styles from './ServiceTable.module.css';

const path = (service: string) => `/services/${encodeURIComponent(service)}`;

const source = {
  name: (row: ServiceSummary) => row.service,
  filter: (row: ServiceSummary) => clause('service', row.service),
};

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
        <Door to="/traces" search={{ q: source.filter(row) }}>
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
    sparkColumn(source),
    errorColumn(source),
    p50Column(),
    p95Column(source),
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
