import type { SagaStep } from '@orrery/collector/api';
import { Check, Hourglass, Play, RotateCcw, TriangleAlert, X } from 'lucide-react';
import { durationText } from '../../time/duration-text.js';
import styles from './StepStrip.module.css';
import { stepLook } from './saga-look.js';

const signs: Partial<Record<SagaStep['state'], typeof Check>> = {
  done: Check,
  failed: X,
  running: Play,
  waiting: Hourglass,
  undone: RotateCcw,
  undoing: RotateCcw,
  undo_failed: TriangleAlert,
};

/** The steps of one saga side by side, so that a hundred can be compared with the eye. */
export function StepStrip({ steps }: { steps: readonly SagaStep[] }) {
  return (
    <span
      className={styles.strip}
      role="img"
      aria-label={steps.map((step) => `${step.name}: ${stepLook(step.state).word}`).join(', ')}
    >
      {steps.map((step) => {
        const Sign = signs[step.state];
        return (
          <i
            key={step.name}
            data-state={step.state}
            title={`${step.name}: ${stepLook(step.state).word}${step.attempts > 1 ? `, ${step.attempts} attempts` : ''}${step.duration_ms === null ? '' : `, ${durationText(step.duration_ms)}`}`}
          >
            {Sign && <Sign size={10} strokeWidth={3} />}
            {step.attempts > 1 && <small>{step.attempts}</small>}
          </i>
        );
      })}
    </span>
  );
}
