import type { Trace } from '@orrery/collector/api';
import { useMemo } from 'react';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { figureText, percentText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { serviceShares } from './service-shares.js';
import styles from './TraceView.module.css';
import type { TraceTree } from './waterfall/trace-tree.js';

/** Where the time went: spans, errors and own time by service and operation. */
export function TraceServices({ trace, tree }: { trace: Trace; tree: TraceTree }) {
  const shares = useMemo(() => serviceShares(trace, tree), [trace, tree]);
  return (
    <div className={styles.pad}>
      <DataTable
        label="Own time by service and operation"
        rows={shares}
        rowKey={(row) => `${row.service} ${row.name}`}
        columns={[
          { id: 'service', name: 'Service', cell: (row) => <ServiceName name={row.service} /> },
          { id: 'name', name: 'Span', cell: (row) => row.name },
          { id: 'spans', name: 'Spans', right: true, cell: (row) => figureText(row.spans) },
          { id: 'errors', name: 'Errors', right: true, cell: (row) => (row.errors ? figureText(row.errors) : '') },
          { id: 'self', name: 'Own time', right: true, cell: (row) => durationText(row.selfMs) },
          { id: 'share', name: 'Share', right: true, cell: (row) => percentText(row.share) },
          { id: 'mean', name: 'Mean', right: true, cell: (row) => durationText(row.totalMs / row.spans) },
          { id: 'max', name: 'Longest', right: true, cell: (row) => durationText(row.maxMs) },
        ]}
      />
    </div>
  );
}
