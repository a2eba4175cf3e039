import type { BreakerState } from '@orrery/collector/api';
import { breakerLook } from './breaker-look.js';

/** A switch as it is drawn in a circuit: closed, open, or just touching. */
export function Switch({ state, size = 36 }: { state: BreakerState; size?: number }) {
  const look = breakerLook(state);
  const end =
    state === 'open' || state === 'forced_open'
      ? [25, 3]
      : state === 'half_open'
        ? [27, 8]
        : state === 'closed'
          ? [28, 14]
          : [27, 6];
  const color =
    look.tone === 'bad'
      ? 'var(--bad)'
      : look.tone === 'warn'
        ? 'var(--warn)'
        : look.tone === 'good'
          ? 'var(--good)'
          : 'var(--text-3)';
  return (
    <svg
      width={size}
      height={size / 2}
      viewBox="0 0 40 20"
      fill="none"
      stroke={color}
      strokeWidth="2"
      strokeLinecap="round"
      role="img"
      aria-label={look.word}
    >
      <path d="M1 14H11M29 14H39" />
      <path
        d={`M12 14L${end[0]} ${end[1]}`}
        strokeDasharray={state === 'disabled' || state === 'unknown' ? '2 3' : undefined}
      />
      <circle cx="12" cy="14" r="1.8" fill={color} />
      <circle cx="28" cy="14" r="1.8" fill={color} />
    </svg>
  );
}
