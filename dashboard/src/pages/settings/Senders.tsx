import type { SystemStatus } from '@orrery/collector/api';
import { useState } from 'react';
import { DataTable } from '../../table/DataTable.js';
import { useParameter } from '../../time/use-address.js';
import { Button } from '../../ui/Button.js';
import { countText, figureText } from '../../ui/figure-text.js';
import { Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { type LimitReached, limitsText } from './limits-reached.js';
import styles from './SettingsPage.module.css';
import { isOlder, newestVersions, sdkOf, sortedSenders } from './sender-rows.js';

type Sender = SystemStatus['senders'][number];

/** Rows that are drawn: a list of ten thousand names would help nobody and hold the page up. */
const DRAWN = 200;

/** Who sends, with which SDK or agent of which version: the old ones first, when sorted by version. */
export function Senders({
  senders,
  capped,
  reached,
}: {
  senders: Sender[];
  capped: boolean;
  reached: readonly LimitReached[];
}) {
  const [by, setBy] = useParameter('sort', 'service');
  const [order, setOrder] = useParameter('order', 'asc');
  const [asked, setAsked] = useState(DRAWN);
  const newest = newestVersions(senders);
  const old = senders.filter((sender) => isOlder(sender, newest)).length;
  const rows = sortedSenders(senders, by, order === 'desc', newest);
  const services = new Set(senders.map(({ service }) => service)).size;
  const onSort = (column: string) => {
    setOrder(column === by && order === 'asc' ? 'desc' : 'asc');
    setBy(column);
  };
  const note = [
    countText(services, 'service'),
    ...(old > 0 ? [`${figureText(old)} with an older version than others of the same SDK`] : []),
    ...(capped ? [`there are more: the ${figureText(senders.length)} that sent last are listed`] : []),
  ].join(', ');
  if (senders.length === 0)
    return (
      <Panel title="Who sends">
        <p className={styles.calm}>Nobody yet. Point a service to the address below.</p>
      </Panel>
    );
  return (
    <Panel title="Who sends" note={note} flush>
      <DataTable
        label="Senders"
        rows={rows.slice(0, asked)}
        rowKey={(row) => `${row.service} ${row.sdk} ${row.sdk_version} ${row.language}`}
        sort={{ by, descending: order === 'desc', onSort }}
        columns={[
          { id: 'service', name: 'Service', sortable: true, cell: (row) => <ServiceName name={row.service} /> },
          { id: 'sdk', name: 'SDK or agent', sortable: true, cell: (row) => row.sdk || 'unknown' },
          {
            id: 'version',
            name: 'Version',
            sortable: true,
            cell: (row) =>
              isOlder(row, newest) ? (
                <ToneMark tone="warn" shape="warning">
                  {row.sdk_version}, newest is {newest.get(sdkOf(row))}
                </ToneMark>
              ) : (
                row.sdk_version || 'unknown'
              ),
          },
          { id: 'language', name: 'Language', sortable: true, secondary: true, cell: (row) => row.language },
          {
            id: 'instances',
            name: 'Instances',
            sortable: true,
            right: true,
            secondary: true,
            cell: (row) => (row.instances === null ? '' : figureText(row.instances)),
          },
          {
            id: 'limits',
            name: 'Limits reached',
            cell: (row) => {
              const words = limitsText(reached, row.service);
              return words === '' ? (
                'none'
              ) : (
                <ToneMark tone="warn" shape="warning">
                  {words}
                </ToneMark>
              );
            },
          },
          {
            id: 'seen',
            name: 'Last seen',
            sortable: true,
            right: true,
            cell: (row) => <When nano={row.last_seen} ago />,
          },
        ]}
      />
      {rows.length > asked && (
        <p className={styles.more}>
          <Button onClick={() => setAsked(asked * 4)}>Show more of {figureText(rows.length)}</Button>
        </p>
      )}
    </Panel>
  );
}
