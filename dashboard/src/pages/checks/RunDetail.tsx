import type { CheckRun } from '@orrery/collector/api';
import { addressOf } from '../../api/client.js';
import { durationText } from '../../time/duration-text.js';
import { AttributeTable } from '../../ui/AttributeTable.js';
import { Door } from '../../ui/Door.js';
import { ToneMark } from '../../ui/Tone.js';
import styles from './ChecksPage.module.css';

/** One run: its steps, the screenshot of the one that failed, and the trace it made through the back end. */
export function RunDetail({ run }: { run: CheckRun }) {
  return (
    <>
      <p>
        {run.sentence}
        {run.attempts > 1 && ` (${run.attempts} attempts)`}
      </p>
      {run.trace_id && (
        <p style={{ margin: '4px 0 8px', color: 'var(--accent)' }}>
          <Door to={`/traces/${run.trace_id}`}>Its trace through the back end</Door>
        </p>
      )}
      {run.steps.length > 0 && (
        <ol className={styles.steps}>
          {run.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps may share a name
            <li key={index}>
              <ToneMark
                tone={step.outcome === 'fail' ? 'bad' : step.outcome === 'pass' ? 'good' : 'calm'}
                shape={step.outcome === 'fail' ? 'cross' : step.outcome === 'pass' ? 'check' : 'dash'}
                quiet
              />
              <span>
                {step.name}
                {step.outcome === 'skipped' && ' (skipped)'}
              </span>
              <span>{step.outcome === 'skipped' ? '' : durationText(step.duration_ms)}</span>
              {step.error && <p>{step.error}</p>}
              {step.artifact && (
                <a
                  style={{ gridColumn: '2 / -1' }}
                  href={addressOf('/artifacts/:id', { id: step.artifact })}
                  target="_blank"
                  rel="noreferrer"
                >
                  <img
                    className={styles.shot}
                    src={addressOf('/artifacts/:id', { id: step.artifact })}
                    alt={`What was seen at “${step.name}”`}
                    loading="lazy"
                  />
                </a>
              )}
            </li>
          ))}
        </ol>
      )}
      {Object.keys(run.details).length > 0 && <AttributeTable attributes={run.details} />}
    </>
  );
}
