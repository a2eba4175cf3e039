import type { Check } from '@orrery/collector/api';
import { Sparkline } from '../../chart/Sparkline.js';
import { Door } from '../../ui/Door.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { figureOfCheck, verdictLook } from '../checks/verdict-look.js';
import styles from './Tiles.module.css';

/** Expectations and journeys as tiles, in business words; what does not hold comes first. */
export function Tiles({ checks }: { checks: readonly Check[] }) {
  const order = ['fail', 'cannot_run', 'no_data', 'pass'];
  const sorted = [...checks].sort((a, b) => order.indexOf(a.verdict ?? 'pass') - order.indexOf(b.verdict ?? 'pass'));
  return (
    <section className={styles.tiles} aria-label="Expectations and journeys">
      {sorted.slice(0, 12).map((check) => {
        const look = verdictLook(check.verdict);
        const expectation = check.definition.kind === 'expectation';
        const values = check.history.map((run) => (expectation ? run.figure : run.duration_ms));
        return (
          <Door
            key={check.definition.name}
            to={`/checks/${encodeURIComponent(check.definition.name)}`}
            className={styles.tile}
            data-tone={look.tone}
          >
            <span className={styles.title}>{check.definition.title || check.definition.name}</span>
            <span className={styles.foot}>
              <ToneMark tone={look.tone} shape={look.shape} quiet>
                {look.word}
              </ToneMark>
              {check.since && (
                <span className={styles.since}>
                  <When nano={check.since} ago />
                </span>
              )}
            </span>
            <span className={styles.figure}>{figureOfCheck(check)}</span>
            <Sparkline
              values={values}
              width={92}
              height={24}
              label={`Last ${values.length} runs`}
              {...(check.definition.bounds ? { band: check.definition.bounds } : {})}
            />
          </Door>
        );
      })}
    </section>
  );
}
