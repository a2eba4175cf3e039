import type { Trace } from '@orrery/collector/api';
import { Download } from 'lucide-react';
import { Fragment } from 'react';
import { clause } from '../../api/filter-text.js';
import { durationText } from '../../time/duration-text.js';
import { CopyButton } from '../../ui/CopyButton.js';
import { Door } from '../../ui/Door.js';
import { countText, figureText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './TraceHead.module.css';
import type { TraceLines } from './trace-lines.js';

/** Linked traces that are named. */
const MOST_LINKED = 5;

/** What this trace is, and what it belongs to. */
export function TraceHead({ trace, arriving, lines }: { trace: Trace; arriving: boolean; lines: TraceLines['state'] }) {
  const { summary } = trace;
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <ServiceName name={summary.root_service} />
        <h1>{summary.root_name || 'The root span has not come yet'}</h1>
        <CopyButton text={summary.trace_id} label="Copy the trace id" />
        <a
          className={styles.download}
          href={`/api/v3/traces/${encodeURIComponent(summary.trace_id)}`}
          download={`${summary.trace_id}.json`}
          title="Download as OTLP JSON"
          aria-label="Download as OTLP JSON"
        >
          <Download size={14} />
        </a>
      </div>
      <p className={styles.figures}>
        <strong>{durationText(summary.duration_ms)}</strong>
        <span>
          <When nano={summary.start} millis />
        </span>
        <span>{countText(summary.spans, 'span')}</span>
        <span>
          {countText(summary.services_total ?? (summary.services.length || trace.services.length), 'service')}
        </span>
        {summary.errors > 0 && (
          <ToneMark tone="bad" shape="cross">
            {countText(summary.errors, 'error')}
          </ToneMark>
        )}
        {summary.saga_id && (
          <span>
            part of saga <Door to={`/sagas/${encodeURIComponent(summary.saga_id)}`}>{summary.saga_id}</Door>
          </span>
        )}
        {summary.correlation_id && (
          <span>
            correlation{' '}
            <Door to="/traces" search={{ q: clause('correlation_id', summary.correlation_id) }}>
              {summary.correlation_id}
            </Door>
          </span>
        )}
        {summary.synthetic_check && (
          <span>
            synthetic, made by{' '}
            <Door to={`/checks/${encodeURIComponent(summary.synthetic_check)}`}>{summary.synthetic_check}</Door>
          </span>
        )}
      </p>
      <Notes trace={trace} arriving={arriving} lines={lines} />
    </header>
  );
}

function Notes({ trace, arriving, lines }: { trace: Trace; arriving: boolean; lines: TraceLines['state'] }) {
  const notes: React.ReactNode[] = [];
  if (arriving)
    notes.push(
      trace.summary.complete ? 'Still arriving: spans may follow.' : 'Still arriving: the root span has not come yet.',
    );
  if (trace.orphans > 0)
    notes.push(`${countText(trace.orphans, 'span has', 'spans have')} no parent here: it never came.`);
  if (trace.truncated) notes.push('Cut: this trace is longer than what is shown.');
  if (lines === 'unread') notes.push('Its log lines could not be read.');
  if (lines === 'cut')
    notes.push(
      <>
        Cut: it has more log lines than are shown.{' '}
        <Door to="/logs" search={{ q: `trace_id:"${trace.summary.trace_id}"` }}>
          All of them
        </Door>
      </>,
    );
  for (const fix of trace.clock_corrections) {
    notes.push(`The clock of ${fix.service} (${fix.instance}) was corrected by ${durationText(fix.shift_ms)}.`);
  }
  const left = trace.linked_traces.length - MOST_LINKED;
  if (trace.linked_traces.length > 0) {
    notes.push(
      <>
        Linked with{' '}
        {trace.linked_traces.slice(0, MOST_LINKED).map((id) => (
          <Fragment key={id}>
            <Door to={`/traces/${id}`}>{id.slice(0, 8)}…</Door>{' '}
          </Fragment>
        ))}
        {left > 0 && `and ${trace.linked_truncated ? 'at least ' : ''}${figureText(left)} more`}
      </>,
    );
  }
  if (notes.length === 0) return null;
  return (
    <ul className={styles.notes}>
      {notes.map((note, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences without identity
        <li key={index}>{note}</li>
      ))}
    </ul>
  );
}
