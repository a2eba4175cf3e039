import type { SagaDetail } from '@orrery/collector/api';
import { useWidth } from '../../chart/use-width.js';
import { durationText } from '../../time/duration-text.js';
import { instantText, msOfNano } from '../../time/instant-text.js';
import { Door } from '../../ui/Door.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { rulerTicks } from '../traces/waterfall/ruler-ticks.js';
import styles from './SagaTimeline.module.css';
import { type Bar, sagaTimeline } from './saga-lanes.js';

const line = 30;
const head = 34;

/** One saga in time: lanes per service, attempts as bars, compensations drawn back to what they undo. */
export function SagaTimeline({ detail, nowMs }: { detail: SagaDetail; nowMs: number }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  // Room on the right for the last label.
  const drawn = Math.max(0, width - 140);
  const { fromMs, toMs, lanes, pairs } = sagaTimeline(detail, nowMs, drawn);
  const span = toMs - fromMs;
  const x = (ms: number) => ((ms - fromMs) / span) * drawn;
  let top = head;
  const tops = lanes.map((lane) => {
    const at = top;
    top += lane.lines * line + 12;
    return at;
  });
  const yOf = (bar: Bar) =>
    (tops[lanes.findIndex((lane) => lane.service === bar.attempt.service)] ?? 0) + bar.line * line;
  const height = top + 4;
  return (
    <div className={styles.timeline}>
      <div className={styles.services} style={{ height }}>
        {lanes.map((lane, index) => (
          <div key={lane.service} style={{ top: tops[index] }}>
            <ServiceName name={lane.service} />
          </div>
        ))}
      </div>
      <div ref={ref} className={styles.plot} style={{ height }}>
        {rulerTicks(0, span).map((tick) => (
          <span key={tick} className={styles.tick} style={{ left: x(fromMs + tick) }}>
            {tick === 0 ? instantText(fromMs) : `+${durationText(tick)}`}
          </span>
        ))}
        {detail.transitions.map((transition) => (
          <span
            key={`${transition.time} ${transition.event}`}
            className={styles.transition}
            data-event={transition.event}
            style={{ left: x(msOfNano(transition.time)) }}
            title={`${transition.event}${transition.message ? `: ${transition.message}` : ''}`}
          >
            <small>{transition.event.replaceAll('_', ' ')}</small>
          </span>
        ))}
        {detail.summary.deadline && (
          <span
            className={styles.deadline}
            style={{ left: x(msOfNano(detail.summary.deadline)) }}
            title="Until then the next step should have come"
          >
            <small>deadline{detail.summary.next_step ? `: ${detail.summary.next_step}` : ''}</small>
          </span>
        )}
        {tops.map((at) => (
          <i key={at} className={styles.rule} style={{ top: at - 6 }} />
        ))}
        <svg
          className={styles.pairs}
          width={width}
          height={height}
          role="img"
          aria-label="Compensations, drawn back to the steps they undo"
        >
          <defs>
            <marker
              id="undo-end"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path d="M0 0L8 4L0 8Z" fill="context-stroke" />
            </marker>
          </defs>
          {pairs.map(({ done, undo, undone }) => {
            const [x1, y1] = [x(undo.fromMs), yOf(undo) + 11];
            const [x2, y2] = [x(done.toMs), yOf(done) + 11];
            const bend = Math.max(24, Math.abs(x1 - x2) / 3);
            return (
              <path
                key={undo.attempt.step}
                className={styles.pair}
                data-undone={undone || undefined}
                d={
                  y1 === y2
                    ? `M${x1} ${y1 + 11}C${x1 - 20} ${y1 + 24} ${x2 + 20} ${y2 + 24} ${x2 - 6} ${y2 + 12}`
                    : `M${x1} ${y1}C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2 + 2} ${y2}`
                }
                markerEnd="url(#undo-end)"
              />
            );
          })}
        </svg>
        {lanes.flatMap((lane) =>
          lane.bars.map((bar) => {
            const { attempt, text } = bar;
            const left = x(bar.fromMs);
            const wide = Math.max(4, x(bar.toMs) - left);
            return (
              <Door
                key={`${attempt.step} ${attempt.attempt} ${attempt.start}`}
                to={attempt.trace_id ? `/traces/${attempt.trace_id}` : '/traces'}
                search={{ span: attempt.span_id || undefined }}
                className={styles.bar}
                data-kind={attempt.kind}
                data-outcome={attempt.outcome}
                data-short={bar.isShort || undefined}
                style={{ left, width: wide, top: yOf(bar) }}
                title={`${text}: ${attempt.outcome}${attempt.message ? ` – ${attempt.message}` : ''} (${durationText(bar.toMs - bar.fromMs)})`}
              >
                <span>{text}</span>
              </Door>
            );
          }),
        )}
      </div>
    </div>
  );
}
