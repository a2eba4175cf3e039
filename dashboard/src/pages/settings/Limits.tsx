import { DataTable } from '../../table/DataTable.js';
import { Door } from '../../ui/Door.js';
import { figureText } from '../../ui/figure-text.js';
import { Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import type { LimitReached } from './limits-reached.js';

const SIGNALS: Record<string, string> = { traces: 'spans', logs: 'log records', metrics: 'readings of metrics' };

/** Which bounds of their own senders reached, and how each is raised. */
export function Limits({ reached }: { reached: readonly LimitReached[] }) {
  return (
    <Panel title="Limits that senders reached" note="in the last hour; less came than there was" flush>
      <DataTable
        label="Limits that senders reached"
        rows={reached}
        rowKey={(row) => `${row.service} ${row.kind === 'series' ? row.metric : row.signal}`}
        columns={[
          { id: 'service', name: 'Service', cell: (row) => <ServiceName name={row.service} /> },
          {
            id: 'what',
            name: 'What',
            cell: (row) =>
              row.kind === 'series' ? (
                <>
                  <Door
                    to="/metrics"
                    search={{ name: row.metric, service: row.service, by: 'service', from: 'now-1h', to: undefined }}
                  >
                    {row.metric}
                  </Door>{' '}
                  has more {row.cap === null ? 'series than its cap' : `than ${figureText(row.cap)} series`}: the rest
                  is one, overflow
                </>
              ) : (
                `${figureText(row.lost)} ${SIGNALS[row.signal] ?? row.signal} lost before they arrived`
              ),
          },
          { id: 'how', name: 'What helps', secondary: true, cell: (row) => <Remedy reached={row} /> },
        ]}
      />
    </Panel>
  );
}

function Remedy({ reached }: { reached: LimitReached }) {
  if (reached.kind === 'records')
    return (
      <>
        a collector in reach, or a larger <code>ORRERY_QUEUE_BYTES</code>
      </>
    );
  if (!reached.isAgent) return <>fewer values of its attributes, or a higher limit in its SDK</>;
  return (
    <>
      fewer values of its attributes, or a higher <code>ORRERY_METRIC_SERIES</code>
    </>
  );
}
