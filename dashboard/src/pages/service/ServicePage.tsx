import { useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/api-error.js';
import { both, clause } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { LineChart } from '../../chart/LineChart.js';
import { durationText } from '../../time/duration-text.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { countText, figureText, percentText, rateText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { When } from '../../ui/When.js';
import { BreakerCard } from '../breakers/BreakerCard.js';
import { changeText } from './change-text.js';
import { Dependencies } from './Dependencies.js';
import { InstanceTable } from './InstanceTable.js';
import { OperationTable } from './OperationTable.js';
import styles from './ServicePage.module.css';

/** How is this service doing, and who depends on it? */
export function ServicePage() {
  const { service = '' } = useParams({ strict: false }) as { service?: string };
  const time = usePageTime();
  const [synthetic] = useParameter('synthetic', 'exclude');
  const answer = useAnswer(
    '/services/:service',
    { service, ...time.parameters, synthetic },
    { refresh: time.refresh, keep: true },
  );
  const breakers = useAnswer('/breakers', { ...time.parameters, service }, { refresh: time.refresh });
  const filter = clause('service', service);
  if (answer.error instanceof ApiError && answer.error.status === 404 && !answer.data) {
    return (
      <EmptyView
        title={`Nothing is known of ${service}`}
        why="No span of it came in this range, or it goes by another name."
      >
        <Door to="/services">All services</Door>
        <Door to={`/services/${encodeURIComponent(service)}`} search={{ from: 'now-24h', to: undefined }}>
          Look at the last 24 hours
        </Door>
      </EmptyView>
    );
  }
  return (
    <Answered answer={answer} what="The service" skeleton={12}>
      {({ summary, operations, incoming, outgoing, instances, operations_total, instances_total, truncated }) => {
        const { series } = summary;
        const rate = series.requests.map((count) => count / (series.step_ms / 1_000));
        const errorRate = series.errors.map((count) => count / (series.step_ms / 1_000));
        return (
          <Page
            title={summary.service}
            lead={[
              summary.language,
              countText(summary.instances, 'instance'),
              summary.versions.length ? `version ${summary.versions.join(', ')}` : '',
              summary.environments.join(', '),
            ]
              .filter(Boolean)
              .join(' · ')}
            actions={
              <>
                <Door to="/traces" search={{ q: filter }}>
                  Traces
                </Door>
                <Door to="/logs" search={{ q: filter }}>
                  Logs
                </Door>
                <Door to="/metrics" search={{ service }}>
                  Metrics
                </Door>
                <Door to="/map" search={{ focus: `service:${service}` }}>
                  Surroundings
                </Door>
              </>
            }
          >
            <div className={styles.charts}>
              <Panel
                title={
                  <>
                    {rateText(summary.rate)} <small>{changeText(summary.rate, summary.previous?.rate ?? null)}</small>
                  </>
                }
                note="requests and errors"
              >
                <LineChart
                  syncId="service"
                  label="Requests and errors per second"
                  t0={series.t0_ms}
                  step={series.step_ms}
                  series={[
                    { name: 'requests', color: 'var(--hue-9)', values: rate, area: true },
                    { name: 'errors', color: 'var(--bad-fill)', values: errorRate, area: true },
                  ]}
                  format={(value) => `${figureText(value)} /s`}
                  onZoom={time.zoom}
                />
              </Panel>
              <Panel
                title={
                  <Door to="/traces" search={{ q: both(filter, 'status:error') }}>
                    {percentText(summary.error_ratio)} <small>errors</small>
                  </Door>
                }
                note={
                  summary.errors > 0
                    ? `${figureText(summary.errors)} of ${figureText(summary.requests)}`
                    : 'none failed'
                }
              >
                <LineChart
                  syncId="service"
                  label="Share of requests that failed"
                  t0={series.t0_ms}
                  step={series.step_ms}
                  series={[
                    {
                      name: 'error ratio',
                      color: 'var(--bad-fill)',
                      values: series.requests.map((count, i) => (count > 0 ? (series.errors[i] ?? 0) / count : null)),
                      area: true,
                    },
                  ]}
                  format={percentText}
                  onZoom={time.zoom}
                />
              </Panel>
              <Panel
                title={
                  <Door to="/traces" search={{ q: filter, sort: 'duration' }}>
                    {durationText(summary.p95_ms)}{' '}
                    <small>p95 {changeText(summary.p95_ms, summary.previous?.p95_ms ?? null)}</small>
                  </Door>
                }
                note={`p99 ${durationText(summary.p99_ms)}, at most 4.5 % off`}
              >
                <LineChart
                  syncId="service"
                  label="Duration of requests"
                  t0={series.t0_ms}
                  step={series.step_ms}
                  series={[
                    { name: 'p95', color: 'var(--hue-7)', values: series.p95_ms },
                    { name: 'p50', color: 'var(--hue-1)', values: series.p50_ms },
                  ]}
                  format={durationText}
                  onZoom={time.zoom}
                />
              </Panel>
            </div>
            <Panel
              title="Operations"
              note={
                operations_total
                  ? mostOf(operations.length, operations_total)
                  : truncated
                    ? 'the most frequent'
                    : 'worst first'
              }
              flush
            >
              {operations.length > 0 ? (
                <OperationTable service={service} operations={operations} />
              ) : (
                <p className={styles.none}>No request came in this range.</p>
              )}
            </Panel>
            <div className={styles.columns}>
              <Panel title="Called by" flush>
                <Dependencies edges={incoming} end="source" />
              </Panel>
              <Panel title="Calls" flush>
                <Dependencies edges={outgoing} end="target" />
              </Panel>
            </div>
            {breakers.data && breakers.data.breakers.length > 0 && (
              <Panel title="Breakers">
                <div className={styles.cards}>
                  {breakers.data.breakers.map((breaker) => (
                    <BreakerCard key={breaker.id} breaker={breaker} range={breakers.data.range} highlighted={false} />
                  ))}
                </div>
              </Panel>
            )}
            <Panel
              title="Instances"
              note={
                <>
                  {instances_total && `${mostOf(instances.length, instances_total)}, `}last seen{' '}
                  <When nano={summary.last_seen} ago />
                </>
              }
              flush
            >
              <InstanceTable instances={instances} service={service} />
            </Panel>
          </Page>
        );
      }}
    </Answered>
  );
}

function mostOf(shown: number, total: number): string {
  return `only the ${figureText(shown)} of ${figureText(total)} with most requests`;
}
