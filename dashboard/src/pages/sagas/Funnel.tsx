import type { SagaFunnel } from '@orrery/collector/api';
import { durationText } from '../../time/duration-text.js';
import { figureText, percentText } from '../../ui/figure-text.js';
import styles from './Funnel.module.css';

/** How many reach each step, where they fall out, and how long each takes. */
export function Funnel({ funnel }: { funnel: SagaFunnel }) {
  const total = Math.max(1, funnel.total);
  return (
    <ol className={styles.funnel}>
      {funnel.steps.map((step) => (
        <li key={step.name}>
          <span className={styles.name}>{step.name}</span>
          <span className={styles.track}>
            <i style={{ width: `${(step.reached / total) * 100}%` }} />
            <b style={{ width: `${(step.done / total) * 100}%` }} />
          </span>
          <span className={styles.figures}>
            {figureText(step.reached)} <small>reach it</small>
          </span>
          <span className={styles.figures} data-bad={step.failed > 0 || undefined}>
            {step.failed > 0
              ? `✕ ${figureText(step.failed)} (${percentText(step.failed / Math.max(1, step.reached))})`
              : ''}
          </span>
          <span className={styles.figures}>
            {durationText(step.p50_ms)} <small>p95 {durationText(step.p95_ms)}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}
