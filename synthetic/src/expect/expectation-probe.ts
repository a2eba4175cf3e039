import type { Attributes, Verdict } from '@orrery/collector/api';
import type { ExpectationCheck } from '../check/check.js';
import type { Finding } from '../probe/probe.js';
import type { CollectorClient } from '../report/collector-client.js';
import { affectedText } from './affected.js';
import { takeFigure, windowOf } from './figure.js';
import { figureSentence } from './figure-sentence.js';

/** Takes the figure of an expectation over real traffic and holds it against its bounds. */
export async function judgeExpectation(
  check: ExpectationCheck,
  collector: Pick<CollectorClient, 'query' | 'metricQuery'>,
  signal: AbortSignal,
): Promise<Finding> {
  const window = windowOf(check, Date.now());
  const details: Attributes = { from_ms: window.from_ms, to_ms: window.to_ms };
  const found = (verdict: Verdict, sentence: string, figure: number | null): Finding => ({
    verdict,
    sentence,
    steps: [],
    figure,
    details,
  });
  try {
    const { value, sampled } = await takeFigure(check, window, collector, signal);
    if (sampled) details['sampled'] = true;
    if (value === null) {
      return found(check.no_data, 'There is nothing to compute the figure from.', null);
    }
    const { min, max } = check.bounds;
    const holds = (min === undefined || value >= min) && (max === undefined || value <= max);
    if (!holds) {
      const affected = await affectedText(check, window, collector, signal).catch(() => '');
      if (affected) details['affected'] = affected;
    }
    return found(holds ? 'pass' : 'fail', figureSentence(check, value), value);
  } catch (error) {
    // Not knowing is not failing: the question could not be asked.
    return found('no_data', `The figure could not be taken: ${(error as Error).message}`.slice(0, 2048), null);
  }
}
