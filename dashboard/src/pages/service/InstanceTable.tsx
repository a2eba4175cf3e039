import type { ServiceDetail } from '@orrery/collector/api';
import { both, clause } from '../../api/filter-text.js';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { Door } from '../../ui/Door.js';
import { figureText, percentText } from '../../ui/figure-text.js';
import { When } from '../../ui/When.js';

/** Instances and their versions side by side. */
export function InstanceTable({ instances, service }: { instances: ServiceDetail['instances']; service: string }) {
  return (
    <DataTable
      label="Instances"
      rows={instances}
      rowKey={(row) => `${row.instance} ${row.version}`}
      columns={[
        {
          id: 'instance',
          name: 'Instance',
          cell: (row) => (
            <Door
              to="/traces"
              search={{ q: both(clause('service', service), clause('service.instance.id', row.instance)) }}
            >
              {row.instance || 'unnamed'}
            </Door>
          ),
        },
        { id: 'version', name: 'Version', cell: (row) => row.version },
        { id: 'host', name: 'Host', secondary: true, cell: (row) => row.host },
        { id: 'requests', name: 'Requests', right: true, cell: (row) => figureText(row.requests) },
        {
          id: 'errors',
          name: 'Errors',
          right: true,
          cell: (row) => percentText(row.requests > 0 ? row.errors / row.requests : null),
        },
        { id: 'p95', name: 'p95', right: true, cell: (row) => durationText(row.p95_ms) },
        {
          id: 'seen',
          name: 'Last seen',
          right: true,
          secondary: true,
          cell: (row) => <When nano={row.last_seen} ago />,
        },
      ]}
    />
  );
}
