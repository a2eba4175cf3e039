import type { ExpectationCheck } from '../check/check.js';
import type { CollectorClient } from '../report/collector-client.js';
import type { Window } from './figure.js';

/** Who suffers, named: "3 affected: 17, 18, 21"; empty when the file does not ask, or nobody does. */
export async function affectedText(
  check: ExpectationCheck,
  window: Window,
  collector: Pick<CollectorClient, 'query'>,
  signal: AbortSignal,
): Promise<string> {
  const { affected } = check;
  if (!affected) return '';
  const result = await collector.query(
    {
      from: String(window.from_ms),
      to: String(window.to_ms),
      signal: affected.signal,
      q: affected.q,
      environment: check.environment,
      synthetic: check.measure.synthetic,
      measures: [{ op: 'count' }],
      group_by: [affected.field],
      limit: affected.limit + 1,
    },
    signal,
  );
  const names = result.groups.map(({ key }) => key[0]).filter((name) => name !== null && name !== undefined);
  if (names.length === 0) return '';
  const shown = names.slice(0, affected.limit).join(', ');
  const more = names.length > affected.limit || result.truncated;
  return `${more ? `more than ${affected.limit}` : names.length} affected: ${shown}${more ? ' …' : ''}`.slice(0, 1024);
}
