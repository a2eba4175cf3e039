import type { Breaker, Check, SagaList } from '@orrery/collector/api';
import { countText } from '../../ui/figure-text.js';

export interface OverviewVerdict {
  tone: 'good' | 'bad' | 'warn' | 'calm';
  sentence: string;
}

/** The answer of the overview in one or two sentences: expectations first, then what is open, stuck or half undone. */
export function verdictSentence(
  checks: readonly Check[] | undefined,
  breakers: readonly Breaker[] | undefined,
  sagaCounts: SagaList['counts'] | undefined,
): OverviewVerdict {
  const parts: string[] = [];
  const failing = (checks ?? []).filter((check) => check.verdict === 'fail');
  const silent = (checks ?? []).filter((check) => check.verdict === 'no_data' || check.verdict === 'cannot_run');
  const judged = (checks ?? []).filter((check) => check.verdict !== null);
  if (failing.length > 0) {
    const first = failing[0]?.definition.title ?? '';
    parts.push(
      failing.length === 1
        ? `“${first}” does not hold.`
        : `${failing.length} of ${judged.length} expectations do not hold, among them “${first}”.`,
    );
  } else if (judged.length > 0) {
    const holding = judged.length - silent.length;
    parts.push(
      holding === judged.length
        ? `All ${countText(holding, 'expectation')} hold.`
        : `${countText(holding, 'expectation')} hold.`,
    );
  }
  if (silent.length > 0) parts.push(`${silent.length} cannot be judged.`);
  const open = (breakers ?? []).filter((breaker) => breaker.state === 'open' || breaker.state === 'forced_open');
  if (open.length === 1) parts.push(`1 breaker is open: ${open[0]?.service} → ${open[0]?.target || open[0]?.name}.`);
  else if (open.length > 1) parts.push(`${open.length} breakers are open.`);
  const stuck = sagaCounts?.stuck ?? 0;
  if (stuck > 0) parts.push(`${countText(stuck, 'saga is', 'sagas are')} stuck.`);
  const half = sagaCounts?.partially_compensated ?? 0;
  if (half > 0) parts.push(`${countText(half, 'saga is', 'sagas are')} half undone.`);
  if (parts.length === 0)
    return { tone: 'calm', sentence: 'Nothing is wrong that was asked about. No expectation is defined yet.' };
  const tone =
    failing.length > 0
      ? 'bad'
      : open.length > 0 || stuck > 0 || half > 0
        ? 'warn'
        : silent.length > 0
          ? 'warn'
          : 'good';
  return { tone, sentence: parts.join(' ') };
}
