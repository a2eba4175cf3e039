import { ROOT } from '../context/context.js';
import { AGENT_VERSION } from '../version.js';
import type { Recorder } from './recorder.js';
import type { Scope } from './scope.js';
import { Severity } from './severity.js';

const SCOPE: Scope = { name: '@orrery/agent/metrics', version: AGENT_VERSION };
/** Who makes names of instruments up gets no record for each. */
const MOST_TOLD = 100;

/**
 * Makes the function that tells, once for each instrument, that it has more series than `limit`: as a log record with its
 * name, and to the user once for all of them.
 */
export function fullInstruments(
  limit: number,
  recorder: Recorder,
  tellUser: (sentence: string) => void,
): (scope: Scope, name: string) => void {
  const told = new Set<string>();
  return (scope, name) => {
    const key = `${scope.name} ${name}`;
    if (told.has(key) || told.size >= MOST_TOLD) return;
    told.add(key);
    const sentence = `metric ${name.slice(0, 200)} of ${scope.name.slice(0, 200)} has more than ${limit} series (ORRERY_METRIC_SERIES); the rest is counted as one, with otel.metric.overflow`;
    tellUser(sentence);
    recorder.emitLog(
      {
        scope: SCOPE,
        severityNumber: Severity.warn,
        severityText: 'warn',
        eventName: 'metric.overflow',
        body: sentence,
        attributes: { 'metric.name': name, 'metric.scope': scope.name, 'metric.series.limit': limit },
      },
      ROOT,
    );
  };
}
