import { clause } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { DataTable } from '../../table/DataTable.js';
import { Answered } from '../../ui/Answered.js';
import { Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { When } from '../../ui/When.js';
import { SeverityMark } from '../logs/SeverityMark.js';

/** What was said while the saga ran, over all its traces. */
export function SagaLogs({ sagaId, from, to }: { sagaId: string; from: string; to: string }) {
  const answer = useAnswer('/logs', { q: clause('saga_id', sagaId), from, to, order: 'asc', limit: 200 });
  return (
    <Panel title="Log lines" note={answer.data?.next_cursor ? 'the first 200' : ''} flush>
      <Answered answer={answer} what="The log lines" skeleton={4}>
        {(data) =>
          data.logs.length === 0 ? (
            <p style={{ padding: '0 14px 12px', color: 'var(--text-2)' }}>No line carries this saga id.</p>
          ) : (
            <DataTable
              label="Log lines of this saga"
              rows={data.logs}
              rowKey={(row) => row.id}
              columns={[
                { id: 'time', name: 'Time', width: 110, cell: (row) => <When nano={row.time} millis /> },
                {
                  id: 'severity',
                  name: 'Severity',
                  width: 90,
                  cell: (row) => <SeverityMark severity={row.severity} />,
                },
                { id: 'service', name: 'Service', width: 150, cell: (row) => <ServiceName name={row.service} plain /> },
                {
                  id: 'body',
                  name: 'Line',
                  cell: (row) => (
                    <span className="mono">
                      {row.event_name ? `${row.event_name} ` : ''}
                      {row.body}
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </Answered>
    </Panel>
  );
}
