import type { SagaSummary } from '@orrery/collector/api';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { Door } from '../../ui/Door.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './SagaTable.module.css';
import { StepStrip } from './StepStrip.js';
import { sagaLook } from './saga-look.js';

export function SagaTable({
  sagas,
  hrefOf,
  onOpen,
  sort,
}: {
  sagas: readonly SagaSummary[];
  hrefOf: (saga: SagaSummary) => string;
  onOpen: (saga: SagaSummary) => void;
  sort: { by: string; descending: boolean; onSort: (by: string) => void };
}) {
  return (
    <DataTable
      label="Sagas"
      rows={sagas}
      rowKey={(row) => row.saga_id}
      href={hrefOf}
      onOpen={onOpen}
      sort={sort}
      columns={[
        {
          id: 'state',
          name: 'State',
          width: 150,
          cell: (row) => {
            const look = sagaLook(row.stuck ? 'stuck' : row.state);
            return (
              <ToneMark tone={look.tone} shape={look.shape}>
                {look.word}
              </ToneMark>
            );
          },
        },
        { id: 'steps', name: 'Steps', cell: (row) => <StepStrip steps={row.steps} /> },
        {
          id: 'id',
          name: 'Saga',
          cell: (row) => (
            <Door to={`/sagas/${encodeURIComponent(row.saga_id)}`} className={styles.id}>
              {row.saga_id}
            </Door>
          ),
        },
        {
          id: 'name',
          name: 'Kind',
          secondary: true,
          cell: (row) => <span className={styles.faint}>{row.saga_name}</span>,
        },
        {
          id: 'why',
          name: 'Why, or what next',
          secondary: true,
          fills: true,
          cell: (row) =>
            row.not_undone.length > 0 ? (
              <span className={styles.bad}>not undone: {row.not_undone.join(', ')}</span>
            ) : row.failure_message ? (
              row.failure_message
            ) : row.next_step ? (
              <span className={styles.faint}>
                next: {row.next_step}
                {row.deadline && (
                  <>
                    {' '}
                    <When nano={row.deadline} ago />
                  </>
                )}
              </span>
            ) : (
              ''
            ),
        },
        { id: 'duration', name: 'Took', right: true, sortable: true, cell: (row) => durationText(row.duration_ms) },
        {
          id: 'started',
          name: 'Began',
          secondary: 'first',
          right: true,
          sortable: true,
          cell: (row) => <When nano={row.started} />,
        },
        {
          id: 'updated',
          name: 'Last change',
          right: true,
          sortable: true,
          cell: (row) => <When nano={row.updated} ago />,
        },
      ]}
    />
  );
}
