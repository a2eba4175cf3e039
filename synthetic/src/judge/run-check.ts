import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import type { CheckRun } from '@orrery/collector/api';
import type { BrowserCheck, Check, ExpectationCheck } from '../check/check.js';
import type { SecretMask } from '../check/secret-mask.js';
import type { VariableSource } from '../check/variables.js';
import { httpProbe } from '../probe/http/http-probe.js';
import type { ArtifactSink, Finding, Probe, ProbeContext } from '../probe/probe.js';
import { beginRunTrace, failSpan, type RunTrace } from '../probe/run-trace.js';
import { Name } from '../probe/vocabulary.js';

/** What a run of any kind needs. */
export interface JudgeParts {
  readonly tracer: Tracer;
  readonly location: string;
  readonly variables: VariableSource;
  readonly mask: SecretMask;
  readonly artifacts: ArtifactSink;
  readonly browser: Probe<BrowserCheck>;
  readonly expectation: (check: ExpectationCheck, signal: AbortSignal) => Promise<Finding>;
}

/** Runs a check once, with its retries, and judges: the report of the run. Throws only when `stop` is aborted. */
export async function runCheck(check: Check, parts: JudgeParts, stop: AbortSignal): Promise<CheckRun> {
  const runId = randomBytes(10).toString('hex');
  const started = Date.now();
  const began = performance.now();
  const report = (finding: Finding, attempts: number, traceId: string): CheckRun => ({
    run_id: runId,
    check: check.name,
    started: `${started}000000`,
    duration_ms: Math.round(performance.now() - began),
    verdict: finding.verdict,
    sentence: parts.mask(finding.sentence).slice(0, 2048),
    attempts,
    trace_id: traceId,
    steps: finding.steps,
    figure: finding.figure,
    location: parts.location,
    details: finding.details,
  });
  if (check.kind === 'expectation') return report(await parts.expectation(check, stop), 1, '');

  const trace = beginRunTrace(
    parts.tracer,
    { check: check.name, runId, location: parts.location },
    {
      'synthetic.title': check.title,
    },
  );
  const earlier: { sentence: string; duration_ms: number }[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const attemptBegan = performance.now();
    const finding = await tryOnce(check, { runId, attempt, trace }, parts, stop);
    stop.throwIfAborted();
    if (finding.verdict !== 'fail' || attempt >= check.retry.attempts) {
      endRoot(trace, finding, parts.mask);
      const kept = earlier.length > 0 ? { earlier_attempts: earlier } : {};
      return report({ ...finding, details: { ...finding.details, ...kept } }, attempt, trace.traceId);
    }
    earlier.push({ sentence: parts.mask(finding.sentence), duration_ms: Math.round(performance.now() - attemptBegan) });
    await delay(check.retry.delay * check.retry.factor ** (attempt - 1), undefined, { signal: stop });
  }
}

async function tryOnce(
  check: Exclude<Check, ExpectationCheck>,
  run: Pick<ProbeContext, 'runId' | 'attempt' | 'trace'>,
  parts: JudgeParts,
  stop: AbortSignal,
): Promise<Finding> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('the time is up')), check.timeout);
  const context: ProbeContext = {
    ...run,
    variables: parts.variables,
    mask: parts.mask,
    artifacts: parts.artifacts,
    signal: AbortSignal.any([limit.signal, stop]),
  };
  try {
    return await (check.kind === 'http' ? httpProbe(check, context) : parts.browser(check, context));
  } catch (error) {
    // A fault of the runner itself says nothing about the system under test.
    const sentence = `The check could not be run: ${(error as Error).message}`;
    return { verdict: 'no_data', sentence, steps: [], figure: null, details: {} };
  } finally {
    clearTimeout(timer);
  }
}

function endRoot(trace: RunTrace, finding: Finding, mask: SecretMask): void {
  trace.root.setAttribute(Name.verdict, finding.verdict);
  if (finding.verdict === 'fail') failSpan(trace.root, mask(finding.sentence));
  else trace.root.end();
}
