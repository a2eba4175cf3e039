import { useAnswer } from '../../api/use-answer.js';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { Answered } from '../../ui/Answered.js';
import { Command } from '../../ui/CopyButton.js';
import { Door } from '../../ui/Door.js';
import { bytesText, countText, figureText, rateText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { Limits } from './Limits.js';
import { Senders } from './Senders.js';
import styles from './SettingsPage.module.css';
import { useLimits } from './use-limits.js';

/** What comes in from whom, what was refused and why, and whether every part is well. */
export function SettingsPage() {
  const answer = useAnswer('/status', {}, { refresh: 3_000 });
  const limits = useLimits();
  return (
    <Answered answer={answer} what="The state of the system" skeleton={14}>
      {(status) => {
        const unwell = status.components.filter((component) => !component.ok);
        const refusals = Object.entries(status.refusals).filter(([, count]) => count > 0);
        const { storage, log } = status;
        const reached = limits.reachedBy(status.senders);
        return (
          <Page
            title={
              unwell.length === 0
                ? 'Everything works'
                : `${unwell.map((component) => component.name).join(', ')}: ${unwell[0]?.sentence}`
            }
            lead={
              <>
                Orrery {status.version} on {status.store === 'duckdb' ? 'DuckDB' : 'Elasticsearch'}, running since{' '}
                <When nano={status.started} />
              </>
            }
            actions={<Door to="/welcome">Send something more</Door>}
          >
            <div className={styles.parts}>
              {status.components.map((component) => (
                <div key={component.name} className={styles.part} data-bad={!component.ok || undefined}>
                  <ToneMark tone={component.ok ? 'good' : 'bad'} shape={component.ok ? 'check' : 'cross'}>
                    {component.name}
                  </ToneMark>
                  <p>{component.sentence}</p>
                </div>
              ))}
            </div>
            <div className={styles.columns}>
              <div>
                <Panel title="Comes in" note="since the start" flush>
                  <DataTable
                    label="What comes in"
                    rows={(['traces', 'logs', 'metrics'] as const).map((signal) => ({
                      signal,
                      ...status.ingest[signal],
                    }))}
                    rowKey={(row) => row.signal}
                    columns={[
                      { id: 'signal', name: 'Signal', cell: (row) => row.signal },
                      { id: 'now', name: 'Now', right: true, cell: (row) => rateText(row.items_per_second) },
                      { id: 'items', name: 'Items', right: true, cell: (row) => figureText(row.items) },
                      {
                        id: 'requests',
                        name: 'Requests',
                        right: true,
                        secondary: true,
                        cell: (row) => figureText(row.requests),
                      },
                      { id: 'bytes', name: 'Bytes', right: true, secondary: true, cell: (row) => bytesText(row.bytes) },
                      {
                        id: 'duplicates',
                        name: 'Sent twice',
                        right: true,
                        secondary: true,
                        cell: (row) => figureText(row.duplicates),
                      },
                      { id: 'refused', name: 'Refused', right: true, cell: (row) => figureText(row.refused_requests) },
                      {
                        id: 'rejected',
                        name: 'Items rejected',
                        right: true,
                        cell: (row) => figureText(row.rejected_items),
                      },
                    ]}
                  />
                </Panel>
                <Panel title="Log" note="what was acknowledged and waits to be stored">
                  <div
                    className={styles.meter}
                    role="img"
                    aria-label={`${bytesText(log.bytes)} of ${bytesText(log.limit_bytes)} used`}
                  >
                    <i style={{ width: `${Math.min(100, (log.bytes / Math.max(1, log.limit_bytes)) * 100)}%` }} />
                  </div>
                  <dl className={styles.facts}>
                    <div>
                      <dt>On disk</dt>
                      <dd>
                        {bytesText(log.bytes)} of {bytesText(log.limit_bytes)}
                      </dd>
                    </div>
                    <div>
                      <dt>The store is behind by</dt>
                      <dd>
                        {bytesText(log.lag_bytes)}, {durationText(log.lag_ms)}
                      </dd>
                    </div>
                  </dl>
                </Panel>
              </div>
              <div>
                <Panel title="Refused" note="by reason">
                  {refusals.length === 0 ? (
                    <p className={styles.calm}>Nothing was refused.</p>
                  ) : (
                    <dl className={styles.facts}>
                      {refusals.map(([reason, count]) => (
                        <div key={reason}>
                          <dt>{reason.replaceAll('_', ' ')}</dt>
                          <dd>{figureText(count)}</dd>
                        </div>
                      ))}
                    </dl>
                  )}
                </Panel>
                <Panel title="Kept">
                  <dl className={styles.facts}>
                    <div>
                      <dt>Spans</dt>
                      <dd>{figureText(storage.spans)}</dd>
                    </div>
                    <div>
                      <dt>Log lines</dt>
                      <dd>{figureText(storage.logs)}</dd>
                    </div>
                    <div>
                      <dt>Metric points</dt>
                      <dd>{figureText(storage.metric_points)}</dd>
                    </div>
                    <div>
                      <dt>On disk</dt>
                      <dd>
                        {bytesText(storage.bytes)} in {countText(storage.slices, 'slice')}
                      </dd>
                    </div>
                    <div>
                      <dt>From, to</dt>
                      <dd>
                        {storage.oldest === null ? (
                          'nothing yet'
                        ) : (
                          <>
                            <When nano={storage.oldest} /> – <When nano={storage.newest} />
                          </>
                        )}
                      </dd>
                    </div>
                    <div>
                      <dt>Set aside as unstorable</dt>
                      <dd>
                        {storage.dead_letters > 0 ? (
                          <Door to="/settings/dead-letters">{countText(storage.dead_letters, 'dead letter')}</Door>
                        ) : (
                          figureText(0)
                        )}
                      </dd>
                    </div>
                  </dl>
                </Panel>
              </div>
            </div>
            {status.refused_senders.length > 0 && (
              <Panel title="Who was refused" note="since the start, most often first" flush>
                <DataTable
                  label="Refused senders"
                  rows={status.refused_senders}
                  rowKey={(row) => `${row.reason} ${row.service}`}
                  columns={[
                    {
                      id: 'service',
                      name: 'Service',
                      cell: (row) => (row.service === '' ? 'refused unread' : <ServiceName name={row.service} />),
                    },
                    { id: 'reason', name: 'Why', cell: (row) => row.reason.replaceAll('_', ' ') },
                    { id: 'requests', name: 'Requests', right: true, cell: (row) => figureText(row.requests) },
                    { id: 'last', name: 'Last', right: true, cell: (row) => <When nano={row.last} ago /> },
                  ]}
                />
              </Panel>
            )}
            {reached.length > 0 && <Limits reached={reached} />}
            <Senders senders={status.senders} capped={status.senders_capped} reached={reached} />
            <Panel title="Where to send">
              <Command text={`OTEL_EXPORTER_OTLP_ENDPOINT=${status.endpoints.otlp_http}`} />
            </Panel>
          </Page>
        );
      }}
    </Answered>
  );
}
