import type { SagaAttempt } from '@orrery/collector/api';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { msOfNano } from '../../time/instant-text.js';
import { Door } from '../../ui/Door.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';

export function AttemptTable({ attempts }: { attempts: readonly SagaAttempt[] }) {
  return (
    <DataTable
      label="Attempts"
      rows={attempts}
      rowKey={(row) => `${row.step} ${row.attempt} ${row.start}`}
      columns={[
        { id: 'start', name: 'Began', cell: (row) => <When nano={row.start} millis /> },
        {
          id: 'step',
          name: 'Step',
          cell: (row) => (
            <>
              {row.step}
              {row.compensates ? <small style={{ color: 'var(--text-3)' }}> undoes {row.compensates}</small> : ''}
            </>
          ),
        },
        { id: 'attempt', name: 'Attempt', right: true, cell: (row) => row.attempt },
        { id: 'service', name: 'Service', secondary: true, cell: (row) => <ServiceName name={row.service} /> },
        {
          id: 'outcome',
          name: 'Outcome',
          cell: (row) => (
            <ToneMark
              tone={
                row.outcome === 'failed'
                  ? 'bad'
                  : row.outcome === 'succeeded'
                    ? 'good'
                    : row.outcome === 'running'
                      ? 'busy'
                      : 'calm'
              }
              shape={
                row.outcome === 'failed'
                  ? 'cross'
                  : row.outcome === 'succeeded'
                    ? 'check'
                    : row.outcome === 'running'
                      ? 'play'
                      : 'dash'
              }
              quiet
            >
              {row.outcome}
              {row.failure_kind ? `, ${row.failure_kind}` : ''}
            </ToneMark>
          ),
        },
        {
          id: 'took',
          name: 'Took',
          right: true,
          cell: (row) => (row.end ? durationText(msOfNano(row.end) - msOfNano(row.start)) : 'runs'),
        },
        {
          id: 'message',
          name: 'Message',
          secondary: true,
          cell: (row) => <span title={row.message}>{row.message}</span>,
        },
        {
          id: 'trace',
          name: 'Trace',
          cell: (row) =>
            row.trace_id ? (
              <Door to={`/traces/${row.trace_id}`} search={{ span: row.span_id || undefined }}>
                {row.trace_id.slice(0, 8)}…
              </Door>
            ) : (
              ''
            ),
        },
      ]}
    />
  );
}
