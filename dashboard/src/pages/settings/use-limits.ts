import type { SystemStatus } from '@orrery/collector/api';
import { useAnswer, useBodyAnswer } from '../../api/use-answer.js';
import { type LimitReached, limitsReached } from './limits-reached.js';

/** Long enough that a point of every sender lies in it, and a queue that was full over lunch is still told of. */
const WITHIN = { from: 'now-1h', to: 'now' };
const REFRESH_MS = 30_000;
const MOST_SERIES = 200;

/** Asks which senders reached a limit of their own in the last hour. */
export function useLimits() {
  const options = { refresh: REFRESH_MS };
  const capped = useAnswer('/metrics', { ...WITHIN, overflow: 'only' }, options);
  const about = (name: string, aggregate: string, group_by: string[]) => ({
    ...WITHIN,
    name,
    aggregate,
    group_by,
    limit: MOST_SERIES,
  });
  const caps = useBodyAnswer('/metrics/query', about('orrery.agent.series.limit', 'max', ['service']), options);
  const dropped = useBodyAnswer(
    '/metrics/query',
    about('orrery.agent.dropped', 'increase', ['service', 'signal']),
    options,
  );
  const reachedBy = (senders: SystemStatus['senders']): LimitReached[] =>
    capped.data ? limitsReached(capped.data, caps.data, dropped.data, senders) : [];
  return { answer: capped, reachedBy };
}
