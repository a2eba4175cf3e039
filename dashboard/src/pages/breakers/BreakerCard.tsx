import type { Breaker } from '@orrery/collector/api';
import { both, clause } from '../../api/filter-text.js';
import { Door } from '../../ui/Door.js';
import { figureText, percentText } from '../../ui/figure-text.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './BreakerCard.module.css';
import { breakerLook } from './breaker-look.js';
import { Switch } from './Switch.js';

const outcomes = [
  ['success', 'ok'],
  ['failure', 'failed'],
  ['timeout', 'timed out'],
  ['rejected', 'rejected'],
  ['fallback', 'fell back'],
] as const;

/** One breaker: its state, since when, and what its calls came to. */
export function BreakerCard({
  breaker,
  range,
  highlighted,
}: {
  breaker: Breaker;
  range: { from_ms: number; to_ms: number };
  highlighted: boolean;
}) {
  const look = breakerLook(breaker.state);
  const differing = breaker.instances.filter((instance) => instance.state === breaker.state).length;
  const filter = both(clause('service', breaker.service), clause('circuit_breaker.name', breaker.name));
  return (
    <article className={styles.card} data-tone={look.tone} data-highlighted={highlighted || undefined}>
      <header className={styles.head}>
        <Switch state={breaker.state} />
        <div>
          <h3>{breaker.name}</h3>
          <ServiceName name={breaker.service} />
        </div>
      </header>
      <p className={styles.state}>
        <ToneMark tone={look.tone} shape={look.shape}>
          {look.word}
        </ToneMark>
        <span>
          since <When nano={breaker.since} />
        </span>
      </p>
      {breaker.reason && <p className={styles.reason}>{breaker.reason}</p>}
      {breaker.failure_ratio !== null && (
        <div className={styles.ratio} title="Failure ratio over the breaker's own window">
          <i style={{ width: `${Math.min(100, breaker.failure_ratio * 100)}%` }} />
          <span>{percentText(breaker.failure_ratio)} fail</span>
        </div>
      )}
      <dl className={styles.calls}>
        {outcomes.map(([key, word]) =>
          breaker.calls[key] > 0 || key === 'success' ? (
            <div key={key} data-bad={(key !== 'success' && breaker.calls[key] > 0) || undefined}>
              <dt>{word}</dt>
              <dd>
                <Door to="/traces" search={{ q: both(filter, clause('circuit_breaker.outcome', key)) }}>
                  {figureText(breaker.calls[key])}
                </Door>
              </dd>
            </div>
          ) : null,
        )}
      </dl>
      <footer className={styles.foot}>
        {breaker.instances.length > 1
          ? `${differing} of ${breaker.instances.length} instances ${look.word.toLowerCase()}`
          : breaker.library}
        {breaker.bands.length > 1 && (
          <span className={styles.band} aria-hidden="true">
            {breaker.bands.map((band) => (
              <i
                key={`${band.from_ms} ${band.state}`}
                style={{
                  left: `${((band.from_ms - range.from_ms) / (range.to_ms - range.from_ms)) * 100}%`,
                  width: `${((band.to_ms - band.from_ms) / (range.to_ms - range.from_ms)) * 100}%`,
                  background: breakerLook(band.state).color,
                }}
              />
            ))}
          </span>
        )}
      </footer>
    </article>
  );
}
