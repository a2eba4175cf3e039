import type { MetricInfo } from '@orrery/collector/api';
import { useMemo } from 'react';
import { ApiError } from '../../api/api-error.js';
import { useAnswer } from '../../api/use-answer.js';
import { VirtualTable } from '../../table/VirtualTable.js';
import { useChangeSearch, useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { countText } from '../../ui/figure-text.js';
import { Page } from '../../ui/Page.js';
import styles from './MetricsPage.module.css';
import { MetricView } from './MetricView.js';

/** How much, and since when? */
export function MetricsPage() {
  const time = usePageTime();
  const change = useChangeSearch();
  const [search, setSearch] = useParameter('search');
  const [service, setService] = useParameter('service');
  const [name] = useParameter('name');
  const list = useAnswer(
    '/metrics',
    { ...time.parameters, search, service },
    { refresh: time.refresh === false ? false : 15_000 },
  );
  const exact = useAnswer('/metrics', { ...time.parameters, search: name, service }, { enabled: name !== '' });
  const metrics = useMemo(() => list.data?.metrics ?? [], [list.data]);
  const chosen = [...metrics, ...(exact.data?.metrics ?? [])].find((metric) => metric.name === name);
  return (
    <Page
      fill
      title={list.data ? `${countText(metrics.length, 'metric')}${list.data.truncated ? ', and more' : ''}` : 'Metrics'}
      lead={
        service && (
          <>
            Only those of {service}{' '}
            <button type="button" style={{ color: 'var(--accent)' }} onClick={() => setService(undefined)}>
              show all
            </button>
          </>
        )
      }
      actions={<FilterInput label="Part of the name" value={search} onChange={setSearch} />}
    >
      <div className={styles.columns}>
        <div className={styles.list}>
          <Answered answer={list} what="The metrics" skeleton={14}>
            {() =>
              metrics.length === 0 ? (
                <EmptyView
                  title={search || service ? 'No metric has such a name' : 'No metric in this range'}
                  why={
                    search || service
                      ? 'The filter is too narrow.'
                      : 'Metrics come with the agent, or from any OTLP exporter.'
                  }
                >
                  {search || service ? (
                    <Door to="/metrics">Show all</Door>
                  ) : (
                    <Door to="/welcome">How to send metrics</Door>
                  )}
                </EmptyView>
              ) : (
                <VirtualTable<MetricInfo>
                  label="Metrics"
                  count={metrics.length}
                  rowAt={(index) => metrics[index]}
                  rowKey={(row) => row.name}
                  selectedKey={name || undefined}
                  rowHeight={46}
                  onOpen={(row) => change({ name: row.name, agg: undefined, by: undefined })}
                  columns={[
                    {
                      id: 'name',
                      name: 'Name',
                      track: 'minmax(0, 1fr)',
                      cell: (row) => (
                        <span className={styles.metric} title={row.description}>
                          <b>{row.name}</b>
                          <small>
                            {row.capped.length > 0
                              ? `capped · ${row.description || row.kind}`
                              : row.description || row.kind}
                          </small>
                        </span>
                      ),
                    },
                    {
                      id: 'unit',
                      name: 'Unit',
                      track: '72px',
                      right: true,
                      cell: (row) => <span className={styles.unit}>{row.unit}</span>,
                    },
                  ]}
                />
              )
            }
          </Answered>
        </div>
        <div className={styles.view}>
          {chosen ? (
            <MetricView key={chosen.name} metric={chosen} />
          ) : name && !list.isPending && !exact.isPending && !(exact.error instanceof ApiError) ? (
            <EmptyView title="No points in this range" why={`${name} sent nothing between these two instants.`}>
              <Door to="/metrics" search={{ name, from: 'now-24h', to: undefined }}>
                Look at the last 24 hours
              </Door>
            </EmptyView>
          ) : (
            <EmptyView
              title="Choose a metric"
              why="Its figures over time stand here; j and k move through the list, Enter opens."
            />
          )}
        </div>
      </div>
    </Page>
  );
}
