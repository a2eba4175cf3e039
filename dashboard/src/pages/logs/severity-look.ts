import type { Severity } from '@orrery/collector/api';
import type { Tone } from '../../ui/Tone.js';

/** From the loudest to the quietest: the order of histograms and facets. */
export const severities: readonly Severity[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unspecified'];

export function severityTone(severity: Severity): Tone {
  if (severity === 'fatal' || severity === 'error') return 'bad';
  return severity === 'warn' ? 'warn' : 'calm';
}

export function severityColor(severity: Severity): string {
  switch (severity) {
    case 'fatal':
    case 'error':
      return 'var(--bad-fill)';
    case 'warn':
      return 'var(--warn-fill)';
    case 'info':
      return 'var(--bar)';
    default:
      return 'var(--line-strong)';
  }
}
