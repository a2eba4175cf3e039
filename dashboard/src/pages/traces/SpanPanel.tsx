import type { LogRow, Trace } from '@orrery/collector/api';
import { useRouter } from '@tanstack/react-router';
import { both, clause } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { durationText } from '../../time/duration-text.js';
import { msOfNano } from '../../time/instant-text.js';
import { useDoor } from '../../time/use-address.js';
import { Answered } from '../../ui/Answered.js';
import { AttributeTable, valueText } from '../../ui/AttributeTable.js';
import { Door } from '../../ui/Door.js';
import { percentText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { SidePanel, SideSection } from '../../ui/SidePanel.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './SpanPanel.module.css';
import type { TraceTree } from './waterfall/trace-tree.js';

/** One span: what it did, everything it carries, and ways to others like it. */
export function SpanPanel({
  trace,
  tree,
  row,
  logs,
  onClose,
}: {
  trace: Trace;
  tree: TraceTree;
  row: number;
  logs: readonly LogRow[];
  onClose: () => void;
}) {
  const router = useRouter();
  const door = useDoor();
  const { columns, summary } = trace;
  const spanId = columns.span_id[row] ?? '';
  const answer = useAnswer(
    '/traces/:trace_id/spans/:span_id',
    { trace_id: summary.trace_id, span_id: spanId },
    { keep: false },
  );
  const service = trace.services[columns.service[row] ?? 0] ?? '';
  const name = trace.names[columns.name[row] ?? 0] ?? '';
  const duration = columns.duration_ms[row] ?? 0;
  const alike = both(clause('service', service), clause('name', name));
  const own = logs.filter((log) => log.span_id === spanId);
  const filter = (field: string, value: string | number | boolean, wanted: boolean) =>
    router.history.push(door('/traces', { q: clause(field, value, wanted) }));
  return (
    <SidePanel title={name} subtitle={<ServiceName name={service} />} onClose={onClose}>
      <dl className={styles.figures}>
        <div>
          <dt>Duration</dt>
          <dd>{durationText(duration)}</dd>
        </div>
        <div>
          <dt>Itself</dt>
          <dd title="Time in which no child ran">
            {durationText(tree.self[row])}{' '}
            <small>{percentText(duration > 0 ? (tree.self[row] ?? 0) / duration : null)}</small>
          </dd>
        </div>
        <div>
          <dt>Begins</dt>
          <dd>+{durationText(columns.start_ms[row])}</dd>
        </div>
        <div>
          <dt>Kind</dt>
          <dd>{columns.kind[row]}</dd>
        </div>
      </dl>
      <p className={styles.doors}>
        <Door to="/traces" search={{ q: alike }}>
          Show others like it
        </Door>
        <Door to="/traces" search={{ q: alike, sort: 'duration' }}>
          The slowest
        </Door>
        <Door to="/logs" search={{ q: clause('span_id', spanId) }}>
          Its log lines
        </Door>
      </p>
      <Answered answer={answer} what="The span">
        {(span) => (
          <>
            {span.status === 'error' && (
              <p className={styles.failure}>
                <ToneMark tone="bad" shape="cross">
                  Failed
                </ToneMark>{' '}
                {span.status_message || 'without a message'}
              </p>
            )}
            <SideSection title="Attributes">
              <AttributeTable attributes={span.attributes} onFilter={filter} />
            </SideSection>
            {span.events.length > 0 && (
              <SideSection title={`Events (${span.events.length})`}>
                {span.events.map((event, index) => {
                  const { 'exception.stacktrace': stack, ...rest } = event.attributes;
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: two events may be equal in everything
                    <div key={index} className={styles.event}>
                      <strong>{event.name}</strong>
                      <small>+{durationText(msOfNano(event.time) - msOfNano(span.start))}</small>
                      <AttributeTable attributes={rest} />
                      {stack !== undefined && <pre className={styles.stack}>{valueText(stack)}</pre>}
                    </div>
                  );
                })}
              </SideSection>
            )}
            {span.links.length > 0 && (
              <SideSection title="Links">
                {span.links.map((link) => (
                  <Door
                    key={`${link.trace_id}${link.span_id}`}
                    to={`/traces/${link.trace_id}`}
                    search={{ span: link.span_id }}
                    className={styles.link}
                  >
                    trace {link.trace_id.slice(0, 16)}…, span {link.span_id}
                  </Door>
                ))}
              </SideSection>
            )}
            {own.length > 0 && (
              <SideSection title={`Log lines (${own.length})`}>
                {own.map((log) => (
                  <p key={log.id} className={styles.log}>
                    <When nano={log.time} millis /> <b>{log.severity}</b> {log.body}
                  </p>
                ))}
              </SideSection>
            )}
            <SideSection title="Resource">
              <AttributeTable attributes={span.resource} onFilter={filter} />
            </SideSection>
            <SideSection title="Ids">
              <AttributeTable
                attributes={{
                  trace_id: span.trace_id,
                  span_id: span.span_id,
                  parent_span_id: span.parent_span_id,
                  scope: `${span.scope.name} ${span.scope.version}`.trim(),
                  ...(span.trace_state ? { trace_state: span.trace_state } : {}),
                }}
              />
            </SideSection>
          </>
        )}
      </Answered>
    </SidePanel>
  );
}
