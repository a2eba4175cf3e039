import type { Red } from '@orrery/collector/api';
import { durationText } from '../../time/duration-text.js';
import { figureText, percentText, rateText } from '../../ui/figure-text.js';
import styles from './MapPanels.module.css';

/** Rate, errors and durations of anything that is called. */
export function RedFigures({ red }: { red: Red }) {
  return (
    <dl className={styles.figures}>
      <div>
        <dt>Rate</dt>
        <dd>{rateText(red.rate)}</dd>
      </div>
      <div data-bad={(red.error_ratio ?? 0) >= 0.01 || undefined}>
        <dt>Errors</dt>
        <dd>
          {percentText(red.error_ratio)} <small>{red.errors > 0 ? figureText(red.errors) : ''}</small>
        </dd>
      </div>
      <div>
        <dt>p50</dt>
        <dd>{durationText(red.p50_ms)}</dd>
      </div>
      <div>
        <dt>p95</dt>
        <dd>{durationText(red.p95_ms)}</dd>
      </div>
      <div>
        <dt>p99</dt>
        <dd>{durationText(red.p99_ms)}</dd>
      </div>
    </dl>
  );
}
