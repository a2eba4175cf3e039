import type { Attributes } from '@orrery/collector/api';
import type { BrowserContext } from 'playwright';
import { expect } from 'playwright/test';
import type { BrowserCheck } from '../../check/check.js';
import { durationText } from '../../check/duration.js';
import { fillText, initialValues, lookUp, secretValue, UnknownVariableError } from '../../check/variables.js';
import type { Finding, Probe, ProbeContext } from '../probe.js';
import { type PageTrouble, watchTrouble } from './page-trouble.js';
import { traceRequests } from './request-spans.js';
import { StepRecorder } from './step-recorder.js';
import { NoBrowserError, type WarmBrowser } from './warm-browser.js';

/** Runs a journey in a fresh context of the warm browser. */
export function browserProbe(warm: WarmBrowser): Probe<BrowserCheck> {
  return async (check, run) => {
    let context: BrowserContext;
    try {
      const browser = await warm.acquire();
      context = await browser.newContext({ viewport: check.viewport, serviceWorkers: 'block' });
    } catch (error) {
      if (error instanceof NoBrowserError) return plain('cannot_run', `Cannot run: ${error.message}.`);
      throw error;
    }
    try {
      return await runJourney(check, context, run);
    } finally {
      await context.close().catch(() => undefined);
    }
  };
}

async function runJourney(check: BrowserCheck, context: BrowserContext, run: ProbeContext): Promise<Finding> {
  const values = initialValues(check.variables, run.variables, run.runId);
  const base = fillText(values.has('base') ? String(values.get('base')) : check.base, values, run.variables).replace(
    /\/+$/,
    '',
  );
  if (!URL.canParse(base)) return plain('fail', `The base "${run.mask(base)}" is not an address.`);
  const page = await context.newPage();
  page.setDefaultTimeout(Math.min(10_000, check.timeout));
  const recorder = new StepRecorder(run, page);
  const trouble = watchTrouble(context, run.mask);
  const firstParty = new Set([base, ...check.first_party].map((address) => new URL(address).origin));
  const requests = await traceRequests(context, firstParty, run, () => recorder.currentSpan);
  const variable = (name: string): string => {
    const value = lookUp(name, values, run.variables);
    if (value === undefined) throw new UnknownVariableError(name);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const secret = (name: string): string => {
    const value = secretValue(name, run.variables.env);
    if (value === undefined) throw new UnknownVariableError(`secret.${name}`);
    return value;
  };
  let failure: string | undefined;
  try {
    const body = check.body({ page, step: recorder.step, expect, base, variable, secret });
    // After the time is up the body may still reject when its page closes.
    body.catch(() => undefined);
    await Promise.race([body, rejectOnAbort(run.signal)]);
  } catch (error) {
    failure = run.signal.aborted ? `did not finish within ${durationText(check.timeout)}` : recorder.message(error);
  }
  if (failure === undefined) {
    requests.endAll();
    return finding('pass', `All ${recorder.steps.length} steps passed.`, recorder, trouble, {});
  }
  const last = await recorder.picture();
  recorder.failOpen(failure, last);
  requests.endAll();
  const failed = recorder.steps.find((step) => step.outcome === 'fail');
  const sentence = failed ? `Step "${failed.name}" failed: ${failed.error}` : `Failed outside of a step: ${failure}`;
  return finding('fail', sentence, recorder, trouble, { final_url: run.mask(page.url()), final_screenshot: last });
}

function finding(
  verdict: Finding['verdict'],
  sentence: string,
  recorder: StepRecorder,
  trouble: PageTrouble,
  more: Attributes,
): Finding {
  const details: Attributes = { ...more };
  if (trouble.consoleErrors.length > 0) details['console_errors'] = [...trouble.consoleErrors];
  if (trouble.failedRequests.length > 0) details['failed_requests'] = [...trouble.failedRequests];
  return { verdict, sentence, steps: recorder.steps, figure: null, details };
}

function plain(verdict: Finding['verdict'], sentence: string): Finding {
  return { verdict, sentence, steps: [], figure: null, details: {} };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
