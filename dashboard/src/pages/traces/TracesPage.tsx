import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError } from '../../api/api-error.js';
import { both } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { useList } from '../../api/use-list.js';
import { TimeBars } from '../../chart/TimeBars.js';
import { Facets } from '../../query/Facets.js';
import { QueryBox } from '../../query/QueryBox.js';
import { useChangeSearch, useDoor, useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { figureText } from '../../ui/figure-text.js';
import { Page } from '../../ui/Page.js';
import { DurationScatter } from './DurationScatter.js';
import { TraceList } from './TraceList.js';
import styles from './TracesPage.module.css';
import { durationClause, traceFacets, traceFields } from './trace-query.js';

/** Find the one that matters. */
export function TracesPage() {
  const time = usePageTime();
  const router = useRouter();
  const door = useDoor();
  const change = useChangeSearch();
  const [query, setQuery] = useParameter('q');
  const [sort] = useParameter('sort', 'start');
  const [order] = useParameter('order', 'desc');
  const [synthetic] = useParameter('synthetic', 'include');
  const filter = { ...time.parameters, q: query, synthetic };
  const list = useList('/traces', { ...filter, sort, order, limit: 100 }, time.refresh);
  const histogram = useAnswer('/traces/histogram', filter, { refresh: time.refresh });
  const traces = useMemo(() => list.data?.pages.flatMap((page) => page.traces) ?? [], [list.data]);
  const first = list.data?.pages[0];
  const bad = list.error instanceof ApiError && list.error.status === 400 ? list.error : null;
  const total = histogram.data?.total;
  const errors = histogram.data?.errors.reduce((sum, count) => sum + count, 0) ?? 0;
  const onSort = (by: string) =>
    change({ sort: by === 'start' ? undefined : by, order: sort === by && order === 'desc' ? 'asc' : undefined });
  return (
    <Page
      fill
      title={
        total === undefined
          ? 'Traces'
          : `${figureText(total)} traces${query ? ' match' : ''}${errors ? `, ${figureText(errors)} with errors` : ''}`
      }
      lead={
        (first?.sampled || histogram.data?.sampled) && (
          <>Counted over a sample: the range holds more than is worth reading for this.</>
        )
      }
      actions={
        <>
          <Button
            active={query.includes('status:error')}
            onClick={() => setQuery(query.includes('status:error') ? '' : both(query, 'status:error'))}
          >
            Errors only
          </Button>
          <Button active={sort === 'duration'} onClick={() => onSort('duration')}>
            Slowest first
          </Button>
        </>
      }
    >
      <QueryBox
        signal="spans"
        value={query}
        onChange={setQuery}
        moreFields={traceFields}
        placeholder={'Filter, e.g.  service:checkout AND status:error AND duration>500ms'}
        error={bad}
      />
      <div className={styles.charts}>
        <div className={styles.chart}>
          <h2>Traces over time</h2>
          <Answered answer={histogram} what="The histogram" skeleton={3}>
            {(data) => (
              <TimeBars
                label="Traces over time"
                t0={data.t0_ms}
                step={data.step_ms}
                fromMs={data.range.from_ms}
                toMs={data.range.to_ms}
                layers={[
                  { name: 'with errors', color: 'var(--bad-fill)', values: data.errors },
                  {
                    name: 'without',
                    color: 'var(--bar)',
                    values: data.traces.map((count, i) => count - (data.errors[i] ?? 0)),
                  },
                ]}
                onZoom={time.zoom}
              />
            )}
          </Answered>
        </div>
        <div className={styles.chart}>
          <h2>Duration of those in the list</h2>
          <DurationScatter
            traces={traces}
            fromMs={first?.range.from_ms ?? time.fromMs}
            toMs={first?.range.to_ms ?? time.toMs}
            onOpen={(trace) => router.history.push(door(`/traces/${trace.trace_id}`))}
            onBox={(box) =>
              change({
                from: String(Math.round(box.fromMs)),
                to: String(Math.round(box.toMs)),
                q: both(query, durationClause(box.minMs, box.maxMs)),
              })
            }
          />
        </div>
      </div>
      <div className={styles.columns}>
        <Facets signal="spans" fields={traceFacets} query={query} onChange={setQuery} />
        <div className={styles.list}>
          <Answered answer={list} what="The traces" skeleton={12}>
            {() =>
              traces.length === 0 ? (
                <EmptyView
                  title={query ? 'No trace matches' : 'No traces in this range'}
                  why={
                    query
                      ? 'The filter or the range is too narrow.'
                      : 'Nothing was recorded between these two instants.'
                  }
                >
                  {query && <Door to="/traces">Drop the filter</Door>}
                  <Door to="/traces" search={{ q: query, from: 'now-24h', to: undefined }}>
                    Look at the last 24 hours
                  </Door>
                  <Door to="/welcome">How to send something</Door>
                </EmptyView>
              ) : (
                <TraceList
                  traces={traces}
                  sort={{ by: sort, descending: order === 'desc', onSort }}
                  onEnd={() => list.hasNextPage && !list.isFetching && void list.fetchNextPage()}
                  more={list.hasNextPage}
                />
              )
            }
          </Answered>
        </div>
      </div>
    </Page>
  );
}
