import {
  Ban,
  Check,
  Circle,
  CircleAlert,
  CircleDashed,
  CircleHelp,
  Hourglass,
  type LucideIcon,
  Minus,
  Play,
  RotateCcw,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Tone.module.css';

/** What a state means for somebody who looks at it; never shown by colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'busy';

export type ToneShape =
  | 'check'
  | 'cross'
  | 'warning'
  | 'alert'
  | 'wait'
  | 'undo'
  | 'dash'
  | 'ban'
  | 'play'
  | 'question'
  | 'dot'
  | 'half';

const icons: Record<ToneShape, LucideIcon> = {
  check: Check,
  cross: X,
  warning: TriangleAlert,
  alert: CircleAlert,
  wait: Hourglass,
  undo: RotateCcw,
  dash: Minus,
  ban: Ban,
  play: Play,
  question: CircleHelp,
  dot: Circle,
  half: CircleDashed,
};

/** A state as sign and word. */
export function ToneMark({
  tone,
  shape,
  children,
  quiet,
}: {
  tone: Tone;
  shape: ToneShape;
  children?: ReactNode;
  /** Without the tinted ground. */
  quiet?: boolean;
}) {
  const Icon = icons[shape];
  return (
    <span className={quiet ? styles.quiet : styles.mark} data-tone={tone}>
      <Icon size={13} strokeWidth={2.2} aria-hidden="true" />
      {children}
    </span>
  );
}
