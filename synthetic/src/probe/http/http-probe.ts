import { setTimeout as delay } from 'node:timers/promises';
import { type Span, SpanKind } from '@opentelemetry/api';
import type { CheckStep } from '@orrery/collector/api';
import type { HttpCheck } from '../../check/check.js';
import type { HttpExpectation, HttpStep } from '../../check/http-check.js';
import { fillText, fillValue, initialValues, type Values } from '../../check/variables.js';
import type { Finding, ProbeContext } from '../probe.js';
import { failSpan } from '../run-trace.js';
import { Name } from '../vocabulary.js';
import { answerFaults } from './answer-faults.js';
import { exchangeText, withoutCredentials } from './exchange-text.js';
import { codeOf, failureSentence } from './failure-sentence.js';
import { saveValues } from './saved-values.js';
import { type Connections, type HttpAnswer, type HttpQuestion, openConnections } from './timed-request.js';

type Question = Omit<HttpQuestion, 'signal'>;

/** What came of one request: its answer, or why there was none, and in what it is not as expected. */
interface Exchange {
  readonly question: Question | undefined;
  readonly answer: HttpAnswer | undefined;
  readonly faults: string[];
}

/** Runs the steps of an HTTP check in order; after the first that fails only those marked `always`. */
export async function httpProbe(check: HttpCheck, run: ProbeContext): Promise<Finding> {
  const connections = openConnections();
  const values = initialValues(check.variables, run.variables, run.runId);
  const steps: CheckStep[] = [];
  let failed: CheckStep | undefined;
  try {
    for (const step of check.steps) {
      if (failed && !step.always) {
        steps.push({ name: step.name, outcome: 'skipped', duration_ms: 0, error: '', artifact: null });
        continue;
      }
      const done = await runStep(step, check.timeout, { connections, values, run });
      steps.push(done);
      if (done.outcome === 'fail') failed ??= done;
    }
  } finally {
    await connections.close();
  }
  const sentence = failed ? `Step "${failed.name}" failed: ${failed.error}` : `All ${steps.length} steps passed.`;
  return { verdict: failed ? 'fail' : 'pass', sentence, steps, figure: null, details: {} };
}

interface StepScope {
  readonly connections: Connections;
  readonly values: Values;
  readonly run: ProbeContext;
}

async function runStep(step: HttpStep, runTimeout: number, scope: StepScope): Promise<CheckStep> {
  const { run } = scope;
  const began = performance.now();
  const attributes = { [Name.step]: step.name, [Name.attempt]: run.attempt };
  const span = run.trace.child(step.name, run.trace.root, attributes);
  const until = began + (step.eventually?.within ?? 0);
  let exchange = await askOnce(step, runTimeout, span, scope);
  while (step.eventually && exchange.faults.length > 0 && performance.now() < until && !run.signal.aborted) {
    await delay(step.eventually.every, undefined, { signal: run.signal }).catch(() => undefined);
    exchange = await askOnce(step, runTimeout, span, scope);
  }
  if (exchange.faults.length === 0 && exchange.answer) {
    const missing = saveValues(exchange.answer, step.save, scope.values);
    exchange.faults.push(...missing.map((name) => `nothing to save as ${name}`));
  }
  const duration_ms = Math.round(performance.now() - began);
  if (exchange.faults.length === 0) {
    span.end();
    return { name: step.name, outcome: 'pass', duration_ms, error: '', artifact: null };
  }
  const error = run.mask(`${exchange.faults.join('; ')}`).slice(0, 1024);
  failSpan(span, error);
  const text = exchange.question && exchangeText(exchange.question, exchange.answer, error);
  const artifact = text === undefined ? null : await run.artifacts(Buffer.from(run.mask(text)), 'text/plain');
  return { name: step.name, outcome: 'fail', duration_ms, error, artifact };
}

async function askOnce(step: HttpStep, runTimeout: number, parent: Span, scope: StepScope): Promise<Exchange> {
  const { run, values, connections } = scope;
  let question: Question;
  let wanted: HttpExpectation;
  try {
    question = questionOf(step, values, run);
    wanted = fillValue(step.expect, values, run.variables) as HttpExpectation;
  } catch (error) {
    return { question: undefined, answer: undefined, faults: [(error as Error).message] };
  }
  const span = run.trace.child(question.method, parent, spanAttributes(question, run), SpanKind.CLIENT);
  const asked: Question = { ...question, headers: { ...question.headers, ...run.trace.headers(span) } };
  const timeout = AbortSignal.timeout(step.request.timeout ?? runTimeout);
  try {
    const answer = await connections.ask({ ...asked, signal: AbortSignal.any([timeout, run.signal]) });
    span.setAttributes({
      'http.response.status_code': answer.status,
      'http.timing.connect_ms': answer.timings.connect_ms,
      'http.timing.first_byte_ms': answer.timings.first_byte_ms,
    });
    if (answer.status >= 400) failSpan(span, `status ${answer.status}`, String(answer.status));
    else span.end();
    return { question: asked, answer, faults: answerFaults(answer, wanted) };
  } catch (error) {
    const timedOut = timeout.aborted
      ? (step.request.timeout ?? runTimeout)
      : run.signal.aborted
        ? runTimeout
        : undefined;
    const fault = failureSentence(error, question.url, timedOut);
    failSpan(span, run.mask(fault), timedOut === undefined ? codeOf(error) || 'error' : 'timeout');
    return { question: asked, answer: undefined, faults: [fault] };
  }
}

function questionOf(step: HttpStep, values: Values, run: ProbeContext): Question {
  const { request } = step;
  const fill = (text: string) => fillText(text, values, run.variables);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), fill(value)]),
  );
  headers['user-agent'] ??= 'orrery-synthetic';
  let body = request.body === undefined ? undefined : fill(request.body);
  if (request.json !== undefined) {
    body = JSON.stringify(fillValue(request.json, values, run.variables));
    headers['content-type'] ??= 'application/json';
  }
  return { method: request.method, url: fill(request.url), headers, body, redirects: request.redirects };
}

function spanAttributes(question: Question, run: ProbeContext): Record<string, string | number> {
  const attributes: Record<string, string | number> = {
    'http.request.method': question.method,
    'url.full': run.mask(withoutCredentials(question.url)),
  };
  if (!URL.canParse(question.url)) return attributes;
  const url = new URL(question.url);
  attributes['server.address'] = url.hostname;
  attributes['server.port'] = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return attributes;
}
