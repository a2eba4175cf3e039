import type { Alert, Notification, Silence } from '@orrery/collector/api';
import { globMatches, type Receiver } from '../notify/receivers.js';
import { millis, nanoText } from './alert-record.js';

/** Old entries of the trail beyond this many are let go; what waits and what belongs to this episode stays. */
const TRAIL_LIMIT = 60;

type Told = Pick<Receiver, 'name' | 'wants'> & { readonly notifier: Pick<Receiver['notifier'], 'knowsAcknowledge'> };

/**
 * What is still to be told of an alert as it stands. It looks at the stored state alone, so it comes to the same plan
 * after any crash. A page is planned once per episode and receiver; its resolve whenever the page may have gone out,
 * silence or not; a silence that ends before the alert does lets the page go out then.
 */
export function planNotifications(
  alert: Alert,
  receivers: readonly Told[],
  silences: readonly Silence[],
  now: number,
): Notification[] {
  const trail = new Map(alert.notifications.map((one) => [one.id, one]));
  const id = (kind: Notification['kind'], receiver: string) => `${alert.episode}:${kind}:${receiver}`;
  const add = (kind: Notification['kind'], receiver: string, outcome: Notification['outcome']) => {
    const key = id(kind, receiver);
    // Set anew, so that it stands at the end: messages go out in the order of the trail.
    trail.delete(key);
    trail.set(key, { id: key, receiver, kind, at: nanoText(now), outcome, attempts: 0, error: '' });
  };
  const silenced = isSilenced(alert.check, silences, now);

  if (alert.state === 'firing' || alert.state === 'no_data') {
    const kind = alert.state;
    for (const receiver of receivers) {
      const told = trail.get(id(kind, receiver.name));
      if (told === undefined && receiver.wants(alert, kind))
        add(kind, receiver.name, silenced ? 'silenced' : 'waiting');
      else if (told?.outcome === 'silenced' && !silenced) add(kind, receiver.name, 'waiting');
      const acknowledged = alert.acknowledged_by !== null && receiver.notifier.knowsAcknowledge;
      if (acknowledged && told?.outcome === 'sent' && !trail.has(id('acknowledged', receiver.name))) {
        add('acknowledged', receiver.name, 'waiting');
      }
    }
  } else if (alert.episode > 0) {
    for (const page of alert.notifications) {
      if (!page.id.startsWith(`${alert.episode}:`) || page.kind === 'resolved' || page.outcome === 'silenced') continue;
      if (page.outcome === 'waiting') {
        trail.set(page.id, { ...page, outcome: 'failed', error: page.error || 'over before it could be sent' });
      }
      if (!trail.has(id('resolved', page.receiver))) add('resolved', page.receiver, 'waiting');
    }
  }
  return trimmed([...trail.values()], alert.episode);
}

/** What can go out now: the first that waits for each receiver, so that nobody hears of the end before the beginning. */
export function nextToSend(notifications: readonly Notification[]): Notification[] {
  const heads = new Map<string, Notification>();
  for (const one of notifications) {
    if (one.outcome === 'waiting' && !heads.has(one.receiver)) heads.set(one.receiver, one);
  }
  return [...heads.values()];
}

function isSilenced(check: string, silences: readonly Silence[], now: number): boolean {
  return silences.some(
    (silence) => millis(silence.from) <= now && now < millis(silence.to) && globMatches(silence.check, check),
  );
}

function trimmed(trail: Notification[], episode: number): Notification[] {
  let excess = trail.length - TRAIL_LIMIT;
  return trail.filter((one) => {
    if (excess <= 0 || one.outcome === 'waiting' || one.id.startsWith(`${episode}:`)) return true;
    excess -= 1;
    return false;
  });
}
