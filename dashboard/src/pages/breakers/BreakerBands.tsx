import { useBrush } from '../../chart/use-brush.js';
import { useWidth } from '../../chart/use-width.js';
import { durationText } from '../../time/duration-text.js';
import { instantText, ticksOf, tickText } from '../../time/instant-text.js';
import { countText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import styles from './BreakerBands.module.css';
import type { BreakerGroup } from './breaker-groups.js';
import { breakerLook } from './breaker-look.js';

/** Breakers that have a line. */
const MOST_BANDS = 60;

/** States of all breakers on one axis: what opened first is seen at once. */
export function BreakerBands({
  groups,
  fromMs,
  toMs,
  onZoom,
}: {
  groups: readonly BreakerGroup[];
  fromMs: number;
  toMs: number;
  onZoom: (fromMs: number, toMs: number) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const span = Math.max(1, toMs - fromMs);
  const percent = (ms: number) => `${((ms - fromMs) / span) * 100}%`;
  const { brush, handlers } = useBrush((a, b) => onZoom(fromMs + (a / width) * span, fromMs + (b / width) * span));
  const { at, stepMs } = ticksOf(fromMs, toMs, Math.max(2, Math.floor(width / 100)));
  const all = groups.flatMap((group) => group.breakers);
  const breakers = all.slice(0, MOST_BANDS);
  return (
    <>
      <div className={styles.bands}>
        <div className={styles.names}>
          {breakers.map((breaker) => (
            <div key={breaker.id} className={styles.name}>
              <ServiceName name={breaker.service} plain /> <span>→ {breaker.name}</span>
            </div>
          ))}
        </div>
        <div ref={ref} className={styles.plot} {...handlers}>
          {breakers.map((breaker) => (
            <div
              key={breaker.id}
              className={styles.line}
              role="img"
              aria-label={`${breaker.service} ${breaker.name}: ${breaker.bands.map((band) => `${breakerLook(band.state).word} for ${durationText(band.to_ms - band.from_ms)}`).join(', ')}`}
            >
              {breaker.bands.map((band) => (
                <i
                  key={`${band.from_ms} ${band.state}`}
                  data-tall={band.state !== 'closed' || undefined}
                  style={{
                    left: percent(band.from_ms),
                    width: `max(2px, ${((band.to_ms - band.from_ms) / span) * 100}%)`,
                    background: breakerLook(band.state).color,
                  }}
                  title={`${breakerLook(band.state).word} ${instantText(band.from_ms)} – ${instantText(band.to_ms)} (${durationText(band.to_ms - band.from_ms)})`}
                />
              ))}
            </div>
          ))}
          {brush && (
            <div
              className={styles.brush}
              style={{ left: Math.min(brush.from, brush.to), width: Math.abs(brush.to - brush.from) }}
            />
          )}
          <div className={styles.axis} aria-hidden="true">
            {at.map((tick) => (
              <span key={tick} style={{ left: percent(tick) }}>
                {tickText(tick, stepMs)}
              </span>
            ))}
          </div>
        </div>
      </div>
      {all.length > MOST_BANDS && (
        <p className={styles.more}>
          Only {MOST_BANDS} of {countText(all.length, 'breaker')} are drawn: the worst.
        </p>
      )}
    </>
  );
}
