import { useAnswer } from '../../api/use-answer.js';
import { DataTable } from '../../table/DataTable.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { Page, Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { BreakerBands } from './BreakerBands.js';
import { BreakerCard } from './BreakerCard.js';
import styles from './BreakersPage.module.css';
import { breakerGroups, breakerSentence } from './breaker-groups.js';
import { breakerLook } from './breaker-look.js';

/** What is protecting us right now? */
export function BreakersPage() {
  const time = usePageTime();
  const [service, setService] = useParameter('service');
  const [id] = useParameter('breaker');
  const answer = useAnswer('/breakers', { ...time.parameters, service }, { refresh: time.refresh });
  const groups = breakerGroups(answer.data?.breakers ?? []);
  return (
    <Page
      title={answer.data ? breakerSentence(answer.data.breakers) : 'Breakers'}
      lead={
        (service || answer.data?.truncated) && (
          <>
            {answer.data?.truncated && 'There is more than was read for this: a shorter range shows all of it. '}
            {service && (
              <>
                Only those of <ServiceName name={service} />{' '}
                <button type="button" className={styles.all} onClick={() => setService(undefined)}>
                  show all
                </button>
              </>
            )}
          </>
        )
      }
    >
      <Answered answer={answer} what="The breakers">
        {(data) =>
          data.breakers.length === 0 ? (
            <EmptyView
              title="No breaker has reported"
              why="The agent sees opossum and cockatiel by itself and states every breaker again and again, closed ones included. Others report with the attributes circuit_breaker.name and circuit_breaker.state."
            >
              <Door to="/breakers" search={{ from: 'now-24h', to: undefined }}>
                Look at the last 24 hours
              </Door>
            </EmptyView>
          ) : (
            <>
              <div className={styles.groups}>
                {groups.map((group) => (
                  <section key={group.target} className={styles.group}>
                    <h2>
                      {group.target}
                      {group.open > 1 && (
                        <span>
                          {group.open} of {group.breakers.length} open: likely one cause
                        </span>
                      )}
                    </h2>
                    <div className={styles.cards}>
                      {group.breakers.map((breaker) => (
                        <BreakerCard
                          key={breaker.id}
                          breaker={breaker}
                          range={data.range}
                          highlighted={breaker.id === id}
                        />
                      ))}
                    </div>
                  </section>
                ))}
              </div>
              <Panel title="States over time" note="drag to zoom">
                <BreakerBands groups={groups} fromMs={data.range.from_ms} toMs={data.range.to_ms} onZoom={time.zoom} />
              </Panel>
              <Panel title="Transitions" flush>
                {data.transitions.length === 0 ? (
                  <p className={styles.none}>No breaker changed its state in this range.</p>
                ) : (
                  <DataTable
                    label="Transitions"
                    rows={[...data.transitions].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, 200)}
                    rowKey={(row) => `${row.id} ${row.instance} ${row.time} ${row.state}`}
                    columns={[
                      { id: 'time', name: 'When', width: 120, cell: (row) => <When nano={row.time} millis /> },
                      { id: 'service', name: 'Service', cell: (row) => <ServiceName name={row.service} /> },
                      { id: 'name', name: 'Breaker', cell: (row) => row.name },
                      {
                        id: 'state',
                        name: 'Became',
                        cell: (row) => {
                          const look = breakerLook(row.state);
                          return (
                            <ToneMark tone={look.tone} shape={look.shape} quiet>
                              {look.word.toLowerCase()}, was {breakerLook(row.previous).word.toLowerCase()}
                            </ToneMark>
                          );
                        },
                      },
                      { id: 'reason', name: 'Because', secondary: true, cell: (row) => row.reason },
                      { id: 'instance', name: 'Instance', secondary: true, cell: (row) => row.instance },
                      {
                        id: 'trace',
                        name: 'Trace',
                        secondary: true,
                        cell: (row) =>
                          row.trace_id ? <Door to={`/traces/${row.trace_id}`}>{row.trace_id.slice(0, 8)}…</Door> : '',
                      },
                    ]}
                  />
                )}
              </Panel>
            </>
          )
        }
      </Answered>
    </Page>
  );
}
