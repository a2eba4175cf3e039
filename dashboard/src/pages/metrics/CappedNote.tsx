import type { MetricInfo } from '@orrery/collector/api';
import { Door } from '../../ui/Door.js';
import { ToneMark } from '../../ui/Tone.js';
import styles from './MetricsPage.module.css';

/** Services that are named; the rest is a number. */
const NAMED = 3;

/** Says of a metric that some of its series are not told apart, and where it stands how that is changed. */
export function CappedNote({ metric }: { metric: MetricInfo }) {
  const { capped } = metric;
  if (capped.length === 0) return null;
  const more = capped.length - NAMED;
  const names = [...capped.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])];
  return (
    <p className={styles.capped}>
      <ToneMark tone="warn" shape="warning">
        capped
      </ToneMark>
      In {names.join(', ')} it has more series than the sender keeps; the rest is counted as one, overflow. Sums and
      rates are whole, but what is split by an attribute is not.
      <Door to="/settings">Which cap, and what helps</Door>
    </p>
  );
}
