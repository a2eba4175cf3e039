import type { Check } from '@orrery/collector/api';
import { LineChart } from '../../chart/LineChart.js';
import { msOfNano } from '../../time/instant-text.js';
import { unitText } from '../../ui/figure-text.js';

/** The figure of an expectation over its last runs, with the bounds it must stay in. */
export function FigureChart({ check }: { check: Check }) {
  const { history, definition } = check;
  const first = msOfNano(history[0]?.started ?? '0');
  const last = msOfNano(history.at(-1)?.started ?? '0');
  const step = Math.max(1, (last - first) / Math.max(1, history.length - 1));
  const bound = (value: number | null | undefined, name: string) =>
    value === null || value === undefined
      ? []
      : [
          {
            name: `${name} ${unitText(value, definition.bounds?.unit ?? '')}`,
            color: 'var(--good-fill)',
            values: history.map(() => value),
          },
        ];
  return (
    <LineChart
      label={`Figure of ${definition.title}`}
      t0={first}
      step={step}
      height={170}
      format={(value) => unitText(value, definition.bounds?.unit ?? '')}
      series={[
        { name: 'measured', color: 'var(--hue-9)', values: history.map((run) => run.figure), area: true },
        ...bound(definition.bounds?.min, 'at least'),
        ...bound(definition.bounds?.max, 'at most'),
      ]}
    />
  );
}
