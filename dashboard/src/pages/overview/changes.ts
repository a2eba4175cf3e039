import type { Alert, BreakerTransition, ServiceSummary } from '@orrery/collector/api';
import { msOfNano } from '../../time/instant-text.js';
import type { Tone, ToneShape } from '../../ui/Tone.js';

/** Something that changed: the next question after "what is wrong?". */
export interface Change {
  key: string;
  atMs: number;
  tone: Tone;
  shape: ToneShape;
  what: string;
  detail: string;
  href: string;
}

/** Breaker transitions and alerts on one line of time, newest first; services that run two versions at the top. */
export function changesOf(
  transitions: readonly BreakerTransition[],
  alerts: readonly Alert[],
  services: readonly ServiceSummary[],
  fromMs: number,
): Change[] {
  const changes: Change[] = [];
  for (const transition of transitions) {
    const bad = transition.state === 'open' || transition.state === 'forced_open';
    changes.push({
      key: `b ${transition.id} ${transition.instance} ${transition.time} ${transition.state}`,
      atMs: msOfNano(transition.time),
      tone: bad ? 'bad' : transition.state === 'closed' ? 'good' : 'warn',
      shape: bad ? 'ban' : transition.state === 'closed' ? 'check' : 'half',
      what: `${transition.service} → ${transition.name} ${transition.state.replace('_', ' ')}`,
      detail: transition.reason,
      href: `/breakers?breaker=${encodeURIComponent(transition.id)}`,
    });
  }
  for (const alert of alerts) {
    const atMs = msOfNano(alert.since);
    if (atMs < fromMs) continue;
    changes.push({
      key: `a ${alert.id}`,
      atMs,
      tone: alert.state === 'firing' ? 'bad' : alert.state === 'resolved' ? 'good' : 'warn',
      shape: alert.state === 'resolved' ? 'check' : 'alert',
      what: `${alert.title} – ${alert.state.replace('_', ' ')}`,
      detail: alert.affected,
      href: `/alerts/${encodeURIComponent(alert.id)}`,
    });
  }
  for (const service of services) {
    if (service.versions.length < 2) continue;
    changes.push({
      key: `v ${service.service}`,
      atMs: msOfNano(service.last_seen),
      tone: 'calm',
      shape: 'dot',
      what: `${service.service} runs ${service.versions.length} versions`,
      detail: service.versions.slice(0, 4).join(', '),
      href: `/services/${encodeURIComponent(service.service)}`,
    });
  }
  return changes.sort((a, b) => b.atMs - a.atMs).slice(0, 14);
}
