import type { Check } from '@orrery/collector/api';
import { durationText } from '../../time/duration-text.js';
import { instantText, msOfNano } from '../../time/instant-text.js';
import { unitText } from '../../ui/figure-text.js';
import { verdictLook } from './verdict-look.js';

const colors = {
  pass: 'color-mix(in srgb, var(--good-fill) 60%, var(--surface))',
  fail: 'var(--bad-fill)',
  no_data: 'var(--line-strong)',
  cannot_run: 'var(--warn-fill)',
};
const heights = { pass: 0.55, fail: 1, no_data: 0.3, cannot_run: 0.75 };

/** One stroke per run, oldest left; what failed is taller, not only red. */
export function HistoryBar({ check, width, height }: { check: Check; width: number; height: number }) {
  const runs = check.history;
  if (runs.length === 0) return <span style={{ color: 'var(--text-3)' }}>no run yet</span>;
  const step = width / Math.max(30, runs.length);
  const failed = runs.filter((run) => run.verdict === 'fail').length;
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={`Last ${runs.length} runs, ${failed} failed`}
      style={{ display: 'block' }}
    >
      {runs.map((run, i) => {
        const size = height * heights[run.verdict];
        return (
          <rect
            key={run.run_id}
            x={width - (runs.length - i) * step}
            y={height - size}
            width={Math.max(1, step - 1)}
            height={size}
            fill={colors[run.verdict]}
          >
            <title>
              {`${instantText(msOfNano(run.started))}: ${verdictLook(run.verdict).word}, ${run.figure === null ? durationText(run.duration_ms) : unitText(run.figure, check.definition.bounds?.unit ?? '')}`}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}
