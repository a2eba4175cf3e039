import type { TraceSummary } from '@orrery/collector/api';
import { useRouter } from '@tanstack/react-router';
import { type VirtualColumn, VirtualTable } from '../../table/VirtualTable.js';
import { durationText } from '../../time/duration-text.js';
import { useDoor } from '../../time/use-address.js';
import { Door } from '../../ui/Door.js';
import { figureText } from '../../ui/figure-text.js';
import { hueOf } from '../../ui/hue.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './TraceList.module.css';

/** One line per trace; its duration as a bar against the longest of the list. */
export function TraceList({
  traces,
  sort,
  onEnd,
  more,
}: {
  traces: readonly TraceSummary[];
  sort: { by: string; descending: boolean; onSort: (by: string) => void };
  onEnd: () => void;
  more: boolean;
}) {
  const router = useRouter();
  const door = useDoor();
  const longest = Math.max(0.001, ...traces.map((trace) => trace.duration_ms));
  const columns: VirtualColumn<TraceSummary>[] = [
    { id: 'start', name: 'When', track: '76px', sortable: true, cell: (row) => <When nano={row.start} /> },
    {
      id: 'root',
      name: 'Root',
      track: 'minmax(180px, 3fr)',
      cell: (row) => (
        <span className={styles.root}>
          <ServiceName name={row.root_service} plain />
          <Door to={`/traces/${row.trace_id}`} className={styles.name}>
            {row.root_name || (row.complete ? 'unnamed' : 'the root span has not come yet')}
          </Door>
        </span>
      ),
    },
    {
      id: 'duration',
      name: 'Duration',
      track: 'minmax(120px, 1.4fr)',
      sortable: true,
      cell: (row) => (
        <span className={styles.duration}>
          <i
            data-bad={row.errors > 0 || undefined}
            style={{ width: `${Math.max(1, (row.duration_ms / longest) * 100)}%` }}
          />
          <span>{durationText(row.duration_ms)}</span>
        </span>
      ),
    },
    {
      id: 'services',
      name: 'Services',
      track: '112px',
      secondary: true,
      cell: (row) => (
        <span className={styles.beads} title={serviceNames(row)}>
          {row.services.slice(0, 8).map((service) => (
            <i
              key={service.service}
              style={{ background: hueOf(service.service) }}
              data-bad={service.errors > 0 || undefined}
            />
          ))}
          <small>{row.services_total ?? row.services.length}</small>
        </span>
      ),
    },
    {
      id: 'spans',
      name: 'Spans',
      track: '52px',
      right: true,
      sortable: true,
      secondary: true,
      cell: (row) => figureText(row.spans),
    },
    {
      id: 'errors',
      name: 'Errors',
      track: '56px',
      right: true,
      sortable: true,
      cell: (row) =>
        row.errors > 0 ? (
          <ToneMark tone="bad" shape="cross" quiet>
            {figureText(row.errors)}
          </ToneMark>
        ) : (
          ''
        ),
    },
    {
      id: 'belongs',
      name: 'Belongs to',
      track: 'minmax(90px, 1fr)',
      secondary: true,
      cell: (row) =>
        row.saga_id ? (
          <Door to={`/sagas/${encodeURIComponent(row.saga_id)}`}>{row.saga_id}</Door>
        ) : row.synthetic_check ? (
          <Door to={`/checks/${encodeURIComponent(row.synthetic_check)}`} className={styles.faint}>
            synthetic: {row.synthetic_check}
          </Door>
        ) : (
          <span className={styles.faint}>{row.correlation_id}</span>
        ),
    },
  ];
  return (
    <VirtualTable
      label="Traces"
      columns={columns}
      count={traces.length}
      rowAt={(index) => traces[index]}
      rowKey={(row) => row.trace_id}
      onOpen={(row) => router.history.push(door(`/traces/${row.trace_id}`))}
      sort={sort}
      onEnd={onEnd}
      foot={more ? 'More below …' : 'That is all.'}
    />
  );
}

function serviceNames({ services, services_total: total }: TraceSummary): string {
  const names = services.map(({ service }) => service).join(' → ');
  return total === undefined ? names : `${names} and ${total - services.length} more`;
}
