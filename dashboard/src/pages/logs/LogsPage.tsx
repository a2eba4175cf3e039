import { useMemo, useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.js';
import { both, clause } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { useList } from '../../api/use-list.js';
import { useLogTail } from '../../api/use-log-tail.js';
import { TimeBars } from '../../chart/TimeBars.js';
import { usePreference } from '../../preferences/preference.js';
import { Facets } from '../../query/Facets.js';
import { QueryBox } from '../../query/QueryBox.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { figureText } from '../../ui/figure-text.js';
import { Page } from '../../ui/Page.js';
import traceStyles from '../traces/TracesPage.module.css';
import { LogPanel } from './LogPanel.js';
import styles from './LogsPage.module.css';
import { LogTable } from './LogTable.js';
import { severities, severityColor } from './severity-look.js';

const facets = [
  { name: 'severity', title: 'Severity' },
  { name: 'service', title: 'Service' },
  { name: 'event_name', title: 'Event' },
  { name: 'host.name', title: 'Host' },
  { name: 'service.version', title: 'Version' },
];

/** What did they say? */
export function LogsPage() {
  const time = usePageTime();
  const [query, setQuery] = useParameter('q');
  const [opened, setOpened] = useParameter('line');
  const [tailing, setTailing] = useParameter('tail');
  const [wrap, setWrap] = usePreference<'0' | '1'>('logs.wrap', '0');
  const [scrolled, setScrolled] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const filter = { ...time.parameters, q: query };
  const list = useList('/logs', { ...filter, limit: 200 }, tailing ? false : time.refresh);
  const histogram = useAnswer('/logs/histogram', filter, { refresh: time.refresh });
  const tail = useLogTail(tailing === '1', scrolled || opened !== '', query, time.parameters.environment);
  const listed = useMemo(() => list.data?.pages.flatMap((page) => page.logs) ?? [], [list.data]);
  const lines = tailing ? tail.lines : listed;
  const line = opened ? (lines.find((row) => row.id === opened) ?? listed.find((row) => row.id === opened)) : undefined;
  const bad = list.error instanceof ApiError && list.error.status === 400 ? list.error : null;
  const total = histogram.data?.total;
  return (
    <div className={styles.page}>
      <Page
        fill
        title={total === undefined ? 'Logs' : `${figureText(total)} lines${query ? ' match' : ''}`}
        lead={list.data?.pages[0]?.sampled && 'Counted over a sample.'}
        actions={
          <>
            <Button active={wrap === '1'} onClick={() => setWrap(wrap === '1' ? '0' : '1')}>
              Wrap
            </Button>
            <Button active={tailing === '1'} onClick={() => setTailing(tailing ? undefined : '1')}>
              Live tail
            </Button>
          </>
        }
      >
        <QueryBox
          signal="logs"
          value={query}
          onChange={setQuery}
          placeholder={'Words, "a phrase", or  severity:error AND service:checkout'}
          error={bad}
        />
        <div className={styles.chart}>
          <Answered answer={histogram} what="The histogram" skeleton={3}>
            {(data) => (
              <TimeBars
                label="Log lines over time by severity"
                t0={data.t0_ms}
                step={data.step_ms}
                fromMs={data.range.from_ms}
                toMs={data.range.to_ms}
                layers={severities
                  .filter((severity) => data.severities[severity])
                  .map((severity) => ({
                    name: severity,
                    color: severityColor(severity),
                    values: data.severities[severity] ?? [],
                  }))}
                onZoom={time.zoom}
              />
            )}
          </Answered>
        </div>
        <div className={traceStyles.columns}>
          <Facets signal="logs" fields={facets} query={query} onChange={setQuery} />
          <div className={traceStyles.list}>
            {tailing === '1' && (
              <div className={styles.tail} role="status" data-state={tail.state}>
                <i aria-hidden="true" />
                {tail.state === 'lost'
                  ? 'The connection is lost; it is being opened again.'
                  : scrolled || opened
                    ? `Paused${tail.waiting ? `: ${figureText(tail.waiting)} new lines wait` : ''}.`
                    : tail.lines.length
                      ? 'Live: new lines come on top.'
                      : 'Live: waiting for the next line.'}
                {tail.dropped > 0 && ` ${figureText(tail.dropped)} were left out: they came too fast.`}
                {(scrolled || opened) && (
                  <button
                    type="button"
                    onClick={() => {
                      if (opened) setOpened(undefined, { replace: true });
                      scroller.current?.scrollTo({ top: 0 });
                    }}
                  >
                    Continue
                  </button>
                )}
              </div>
            )}
            <Answered answer={list} what="The log lines" skeleton={14}>
              {() =>
                lines.length === 0 && tailing !== '1' ? (
                  <EmptyView
                    title={query ? 'No line matches' : 'No log lines in this range'}
                    why={
                      query
                        ? 'The filter or the range is too narrow.'
                        : 'Nothing was logged between these two instants.'
                    }
                  >
                    {query && <Door to="/logs">Drop the filter</Door>}
                    <Door to="/logs" search={{ q: query, from: 'now-24h', to: undefined }}>
                      Look at the last 24 hours
                    </Door>
                    <Door to="/welcome">How to send log lines</Door>
                  </EmptyView>
                ) : (
                  <LogTable
                    lines={lines}
                    wrap={wrap === '1'}
                    selected={opened}
                    onOpen={(row) => setOpened(row.id === opened ? undefined : row.id, { replace: true })}
                    onEnd={() => !tailing && list.hasNextPage && !list.isFetching && void list.fetchNextPage()}
                    scroller={scroller}
                    onScroll={(top) => setScrolled(top > 8)}
                    foot={tailing ? '' : list.hasNextPage ? 'More below …' : 'That is all.'}
                  />
                )
              }
            </Answered>
          </div>
        </div>
      </Page>
      {line && (
        <LogPanel
          line={line}
          onClose={() => setOpened(undefined, { replace: true })}
          onFilter={(field, value, wanted) => setQuery(both(query, clause(field, value, wanted)))}
        />
      )}
    </div>
  );
}
