import { useState } from 'react';
import { DataTable } from '../../table/DataTable.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { figureText } from '../../ui/figure-text.js';
import { Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import type { LimitReached } from './limits-reached.js';
import styles from './SettingsPage.module.css';

const SIGNALS: Record<string, string> = { traces: 'spans', logs: 'log records', metrics: 'readings of metrics' };

/** Rows that stand there unasked: a service may cap hundreds of metrics, and there is more on the page. */
const DRAWN = 8;

/** Which bounds of their own senders reached, and how each is raised. */
export function Limits({ reached }: { reached: readonly LimitReached[] }) {
  const [all, setAll] = useState(false);
  return (
    <Panel title="Limits that senders reached" note="in the last hour; less came than there was" flush>
      <DataTable
        label="Limits that senders reached"
        rows={all ? reached : reached.slice(0, DRAWN)}
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
                  </Door>
                  {row.cap === null ? ': more series than its cap' : `: more than ${figureText(row.cap)} series`}, the
                  rest counts as one
                </>
              ) : (
                `${figureText(row.lost)} ${SIGNALS[row.signal] ?? row.signal} lost before they arrived`
              ),
          },
          { id: 'how', name: 'What helps', secondary: true, cell: (row) => <Remedy reached={row} /> },
        ]}
      />
      {reached.length > DRAWN && (
        <p className={styles.more}>
          <Button onClick={() => setAll(!all)}>
            {all ? `Show only ${DRAWN}` : `Show all ${figureText(reached.length)}`}
          </Button>
        </p>
      )}
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
