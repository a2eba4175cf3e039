import type { MetricInfo, MetricQuery, MetricSeries } from '@orrery/collector/api';
import { ApiError } from '../../api/api-error.js';
import { clause } from '../../api/filter-text.js';
import { useBodyAnswer } from '../../api/use-answer.js';
import { DenseChart } from '../../chart/DenseChart.js';
import { QueryBox } from '../../query/QueryBox.js';
import { DataTable } from '../../table/DataTable.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { unitText } from '../../ui/figure-text.js';
import { Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { aggregatesOf, groupedBy, namedSeries, unitOf } from './aggregates.js';
import { CappedNote } from './CappedNote.js';
import styles from './MetricsPage.module.css';

/** Traces that stand for points which are named. */
const MOST_EXEMPLARS = 8;

/** Series that are drawn. */
const MOST_SERIES = 20;

const hues = [9, 4, 2, 7, 3, 5, 1, 8, 0, 6];

/** One metric over time: how it is put together, by what it is split, and the traces that stand for its points. */
export function MetricView({ metric }: { metric: MetricInfo }) {
  const time = usePageTime();
  const offered = aggregatesOf(metric);
  const [chosen, setAggregate] = useParameter('agg', offered[0]);
  const aggregate = (offered as readonly string[]).includes(chosen)
    ? (chosen as MetricQuery['aggregate'])
    : (offered[0] ?? 'avg');
  const [by, setBy] = useParameter('by', 'service');
  const [query, setQuery] = useParameter('q');
  const groupBy = groupedBy(by === 'none' ? [] : by.split(',').filter(Boolean), metric);
  const answer = useBodyAnswer(
    '/metrics/query',
    { name: metric.name, ...time.parameters, q: query, aggregate, group_by: groupBy, limit: MOST_SERIES },
    { refresh: time.refresh },
  );
  const unit = unitOf(answer.data?.unit || metric.unit, aggregate, metric.kind);
  const format = (value: number) => unitText(value, unit);
  const nameOf = (series: MetricSeries) => namedSeries(series.key, groupBy, metric);
  const bad = answer.error instanceof ApiError && answer.error.status === 400 ? answer.error : null;
  return (
    <>
      <header className={styles.head}>
        <div>
          <h2>{metric.name}</h2>
          <p>
            {[
              metric.description,
              metric.kind.replace('_', ' '),
              metric.unit && `in ${metric.unit}`,
              metric.kind !== 'gauge' && metric.temporality,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
      </header>
      <CappedNote metric={metric} />
      <div className={styles.choices}>
        <label>
          Show
          <select value={aggregate} onChange={(event) => setAggregate(event.target.value)}>
            {offered.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          by
          <select value={by} onChange={(event) => setBy(event.target.value)}>
            <option value="none">nothing</option>
            {[...new Set(['service', 'service.instance.id', ...metric.attributes])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div style={{ flex: 1, minWidth: 220 }}>
          <QueryBox
            signal="spans"
            value={query}
            onChange={setQuery}
            moreFields={metric.attributes}
            placeholder="Filter by attribute"
            error={bad}
          />
        </div>
      </div>
      <Panel>
        <Answered answer={answer} what="The figures" skeleton={8}>
          {(data) =>
            data.series.length === 0 ? (
              <EmptyView title="No points" why="The filter or the range is too narrow.">
                <Door to="/metrics" search={{ name: metric.name, from: 'now-24h', to: undefined }}>
                  Look at the last 24 hours
                </Door>
              </EmptyView>
            ) : (
              <>
                <DenseChart
                  label={`${aggregate} of ${metric.name}`}
                  t0={data.t0_ms}
                  step={data.step_ms}
                  series={data.series.map((series, i) => ({
                    name: nameOf(series).name,
                    hue: hues[i % 10] ?? 0,
                    values: series.points,
                  }))}
                  format={format}
                  onZoom={time.zoom}
                />
                <DataTable
                  label="Series"
                  rows={data.series.map((series, i) => ({ ...series, ...nameOf(series), index: i }))}
                  rowKey={(row) => row.key.join('\u0000')}
                  columns={[
                    {
                      id: 'key',
                      name: by === 'none' ? 'series' : by,
                      cell: (row) => (
                        <span className={styles.key}>
                          <i style={{ background: `var(--hue-${hues[row.index % 10]})` }} aria-hidden="true" />
                          {groupBy[0] === 'service' && row.key[0] ? (
                            <Door to={`/services/${encodeURIComponent(row.key[0])}`}>{row.name}</Door>
                          ) : groupBy[0] && row.key[0] ? (
                            <Door
                              to="/metrics"
                              search={{
                                name: metric.name,
                                agg: aggregate,
                                by: 'service',
                                q: clause(groupBy[0], row.key[0]),
                              }}
                            >
                              {row.name}
                            </Door>
                          ) : (
                            row.name
                          )}
                          {row.overflow !== 'none' && (
                            <ToneMark tone="warn" shape="warning">
                              {row.overflow === 'whole' ? 'beyond the cap' : 'with overflow'}
                            </ToneMark>
                          )}
                        </span>
                      ),
                    },
                    {
                      id: 'last',
                      name: 'Last',
                      right: true,
                      cell: (row) =>
                        unitText(
                          row.points.findLast((point) => point !== null),
                          unit,
                        ),
                    },
                    {
                      id: 'min',
                      name: 'Lowest',
                      right: true,
                      cell: (row) => unitText(extreme(row.points, Math.min), unit),
                    },
                    {
                      id: 'max',
                      name: 'Highest',
                      right: true,
                      cell: (row) => unitText(extreme(row.points, Math.max), unit),
                    },
                  ]}
                />
                {data.sampled && (
                  <p className={styles.capped}>
                    <ToneMark tone="warn" shape="warning">
                      incomplete
                    </ToneMark>
                    There are more points than are read for one chart: a shorter range or a filter shows all of them.
                  </p>
                )}
                {data.truncated && (
                  <p style={{ color: 'var(--text-3)' }}>
                    {data.sampled ? 'At most' : 'The largest'} {MOST_SERIES} series are shown.
                  </p>
                )}
                {data.exemplars.length > 0 && (
                  <p className={styles.exemplars}>
                    {data.exemplars_truncated || data.exemplars.length > MOST_EXEMPLARS
                      ? `Of the traces that stand for points, the ${MOST_EXEMPLARS} with the largest values:`
                      : 'Traces that stand for points:'}
                    {data.exemplars.slice(0, MOST_EXEMPLARS).map((exemplar) => (
                      <Door key={`${exemplar.trace_id} ${exemplar.time_ms}`} to={`/traces/${exemplar.trace_id}`}>
                        {unitText(exemplar.value, data.unit)} at <When ms={exemplar.time_ms} />
                      </Door>
                    ))}
                  </p>
                )}
              </>
            )
          }
        </Answered>
      </Panel>
    </>
  );
}

function extreme(points: readonly (number | null)[], of: (...values: number[]) => number): number | null {
  const known = points.filter((point): point is number => point !== null);
  return known.length > 0 ? of(...known) : null;
}
