import type { MapEdge } from '@orrery/collector/api';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { Door } from '../../ui/Door.js';
import { percentText, rateText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { breakerLook } from '../breakers/breaker-look.js';
import { Switch } from '../breakers/Switch.js';
import styles from './ServiceTable.module.css';

type State = Parameters<typeof Switch>[0]['state'];

/** Edges of one service; the id of the other end is `kind:name`. */
export function Dependencies({ edges, end }: { edges: readonly MapEdge[]; end: 'source' | 'target' }) {
  if (edges.length === 0)
    return <p style={{ padding: '0 14px 12px', color: 'var(--text-2)' }}>Nobody in this range.</p>;
  return (
    <DataTable
      label={end === 'source' ? 'Called by' : 'Calls'}
      rows={[...edges].sort((a, b) => (b.error_ratio ?? 0) - (a.error_ratio ?? 0) || b.rate - a.rate)}
      rowKey={(row) => row.id}
      columns={[
        {
          id: 'name',
          name: 'Name',
          cell: (row) => {
            const [kind = '', ...name] = row[end].split(':');
            return kind === 'service' ? <ServiceName name={name.join(':')} /> : `${name.join(':')} (${kind})`;
          },
        },
        { id: 'kind', name: 'Kind', secondary: true, cell: (row) => <span className={styles.faint}>{row.kind}</span> },
        {
          id: 'breaker',
          name: 'Breaker',
          secondary: true,
          cell: (row) =>
            row.breakers.map((breaker) => (
              <Door
                key={breaker.id}
                to="/breakers"
                search={{ breaker: breaker.id }}
                title={`${breaker.name}: ${breakerLook(breaker.state as State).word}`}
              >
                <Switch state={breaker.state as State} size={28} />
              </Door>
            )),
        },
        { id: 'rate', name: 'Rate', right: true, cell: (row) => rateText(row.rate) },
        {
          id: 'errors',
          name: 'Errors',
          right: true,
          cell: (row) => (
            <span
              className={styles.errors}
              data-bad={(row.error_ratio ?? 0) >= 0.05 || undefined}
              data-some={(row.error_ratio ?? 0) >= 0.01 || undefined}
            >
              {percentText(row.error_ratio)}
            </span>
          ),
        },
        { id: 'p95', name: 'p95', right: true, cell: (row) => durationText(row.p95_ms) },
      ]}
    />
  );
}
