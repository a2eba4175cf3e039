import type { Alert } from '@orrery/collector/api';
import { useAnswer } from '../../api/use-answer.js';
import { DataTable } from '../../table/DataTable.js';
import { useDoor } from '../../time/use-address.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { countText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './Alerts.module.css';
import { alertLook, alertOrder } from './alert-look.js';
import { Silences } from './Silences.js';

/** What woke me, and what do I do? */
export function AlertsPage() {
  const answer = useAnswer('/alerts', {}, { refresh: 5_000 });
  const door = useDoor();
  const alerts = [...(answer.data?.alerts ?? [])].sort(
    (a, b) => alertOrder.indexOf(a.state) - alertOrder.indexOf(b.state) || (a.since < b.since ? 1 : -1),
  );
  const firing = alerts.filter((alert) => alert.state === 'firing');
  const open = firing.filter((alert) => !alert.acknowledged_by);
  const path = (alert: Alert) => `/alerts/${encodeURIComponent(alert.id)}`;
  return (
    <Page
      title={
        !answer.data
          ? 'Alerts'
          : firing.length === 0
            ? 'Nothing fires'
            : `${countText(firing.length, 'alert fires', 'alerts fire')}${open.length < firing.length ? `, ${open.length} of them unattended` : ''}`
      }
    >
      {firing.map((alert) => (
        <Door key={alert.id} to={path(alert)} className={styles.firing}>
          <ToneMark tone="bad" shape="alert">
            {alert.severity}
          </ToneMark>
          <strong>{alert.title}</strong>
          <span className={styles.since}>
            since <When nano={alert.since} ago />
            {alert.acknowledged_by ? ` · ${alert.acknowledged_by} is on it` : ' · nobody is on it yet'}
          </span>
          <p>{alert.sentence}</p>
        </Door>
      ))}
      <Panel title="All" flush>
        <Answered answer={answer} what="The alerts">
          {() =>
            alerts.length === 0 ? (
              <EmptyView
                title="No alert has ever fired"
                why="Alerts come from checks and expectations that do not hold for longer than they may."
              >
                <Door to="/checks">Checks and expectations</Door>
              </EmptyView>
            ) : (
              <DataTable
                label="Alerts"
                rows={alerts}
                rowKey={(row) => row.id}
                href={(row) => door(path(row))}
                columns={[
                  {
                    id: 'state',
                    name: 'State',
                    width: 110,
                    cell: (row) => {
                      const look = alertLook(row.state);
                      return (
                        <ToneMark tone={look.tone} shape={look.shape}>
                          {look.word}
                        </ToneMark>
                      );
                    },
                  },
                  {
                    id: 'title',
                    name: 'What',
                    cell: (row) => (
                      <Door to={path(row)} className={styles.title}>
                        {row.title}
                      </Door>
                    ),
                  },
                  { id: 'affected', name: 'Affected', secondary: true, cell: (row) => row.affected },
                  { id: 'severity', name: 'Severity', secondary: true, cell: (row) => row.severity },
                  { id: 'owner', name: 'Owner', secondary: true, cell: (row) => row.owner },
                  { id: 'told', name: 'Told', secondary: true, cell: (row) => toldText(row) },
                  { id: 'since', name: 'Since', right: true, cell: (row) => <When nano={row.since} ago /> },
                ]}
              />
            )
          }
        </Answered>
      </Panel>
      <Silences />
    </Page>
  );
}

/** Whether anybody was told, in three words. */
function toldText(alert: Alert): string {
  const sent = alert.notifications.filter((note) => note.outcome === 'sent').length;
  const failed = alert.notifications.filter((note) => note.outcome === 'failed').length;
  if (alert.notifications.length === 0) return 'nobody';
  return `${sent} sent${failed ? `, ${failed} failed` : ''}`;
}
