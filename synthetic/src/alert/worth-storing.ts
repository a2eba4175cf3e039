import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '@orrery/collector/api';

/** Counting on is not worth a write for ever: no streak that decides anything is longer. */
const STREAK_OF_INTEREST = 20;
/** An open alert's sentence is refreshed with every so many verdicts. */
const SENTENCE_EVERY = 5;

/** Whether what the machine knows differs from what is stored in anything that matters after a crash, or to a reader. */
export function worthStoring(stored: Alert | null, alert: Alert): boolean {
  if (stored === null)
    return alert.state !== 'resolved' || alert.streak_of === 'no_data' || alert.notifications.length > 0;
  if (stored.state !== alert.state || stored.episode !== alert.episode) return true;
  if (!isDeepStrictEqual(stored.notifications, alert.notifications)) return true;
  if (alert.state === 'resolved') {
    return alert.streak_of === 'no_data' && alert.streak !== stored.streak && alert.streak <= STREAK_OF_INTEREST;
  }
  if (stored.streak_of !== alert.streak_of) return true;
  if (alert.streak !== stored.streak && alert.streak <= STREAK_OF_INTEREST) return true;
  return alert.sentence !== stored.sentence && alert.streak % SENTENCE_EVERY === 0;
}
