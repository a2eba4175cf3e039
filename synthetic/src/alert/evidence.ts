import type { Alert, CheckRun } from '@orrery/collector/api';
import type { Check } from '../check/check.js';
import type { CollectorClient } from '../report/collector-client.js';

type Evidence = Alert['evidence'];

/** Looked at before and after the run, so that the cause is in the picture. */
const AROUND_MS = 5 * 60_000;

/**
 * Where to look: the failing run, its trace and logs, the services that failed in it, the figures behind an
 * expectation, the breakers open at that moment. What cannot be asked in time is left out.
 */
export async function gatherEvidence(
  check: Check,
  run: CheckRun,
  collector: Pick<CollectorClient, 'openBreakers' | 'trace'>,
): Promise<Evidence> {
  const at = Number(BigInt(run.started) / 1_000_000n);
  const range = `from=${at - AROUND_MS}&to=${at + AROUND_MS}`;
  const evidence: Evidence = [
    { kind: 'query', title: 'The check and its runs', href: `/checks/${encodeURIComponent(check.name)}?${range}` },
  ];
  if (run.trace_id !== '') {
    evidence.push({ kind: 'trace', title: 'Trace of the failing run', href: `/traces/${run.trace_id}?${range}` });
    const logs = `/logs?q=${encodeURIComponent(`trace_id:${run.trace_id}`)}&${range}`;
    evidence.push({ kind: 'logs', title: 'Logs of the failing run', href: logs });
  }
  for (const step of run.steps) {
    if (step.outcome === 'fail' && step.artifact) {
      const kind = check.kind === 'browser' ? 'screenshot' : 'logs';
      const title = check.kind === 'browser' ? `Screenshot of "${step.name}"` : `Request and answer of "${step.name}"`;
      evidence.push({ kind, title, href: `/api/orrery/v1/artifacts/${encodeURIComponent(step.artifact)}` });
    }
  }
  if (check.kind === 'expectation') evidence.push(...figureEvidence(check, run));
  const [services, breakers] = await Promise.all([
    failedServices(run, collector).catch(() => []),
    collector.openBreakers(AbortSignal.timeout(3000)).catch(() => []),
  ]);
  for (const service of services) {
    evidence.push({
      kind: 'service',
      title: `Service ${service}`,
      href: `/services/${encodeURIComponent(service)}?${range}`,
    });
  }
  for (const breaker of breakers.slice(0, 10)) {
    const title = `Breaker ${breaker.service} → ${breaker.target || breaker.name} is ${breaker.state.replace('_', ' ')}`;
    evidence.push({ kind: 'breaker', title, href: `/breakers?${range}` });
  }
  if (check.runbook !== '') evidence.push({ kind: 'runbook', title: 'Runbook', href: check.runbook });
  return evidence;
}

/** The traffic behind the figure, over the window in which it was taken. */
function figureEvidence(check: Extract<Check, { kind: 'expectation' }>, run: CheckRun): Evidence {
  const { signal, q, synthetic } = check.measure;
  const window = `from=${Number(run.details['from_ms'])}&to=${Number(run.details['to_ms'])}`;
  const query = `q=${encodeURIComponent(q)}&${window}${synthetic === 'exclude' ? '' : `&synthetic=${synthetic}`}`;
  switch (signal) {
    case 'sagas':
      return [{ kind: 'saga', title: 'Sagas of that time', href: `/sagas?${sagaFilter(check)}${window}` }];
    case 'logs':
      return [{ kind: 'logs', title: 'Logs behind the figure', href: `/logs?${query}` }];
    case 'spans':
      return [{ kind: 'query', title: 'Traces behind the figure', href: `/traces?${query}` }];
    case 'metrics':
      return [
        {
          kind: 'query',
          title: 'The metric',
          href: `/metrics?name=${encodeURIComponent(check.measure.field ?? '')}&${window}`,
        },
      ];
  }
}

/** The saga list knows name and state; of too many it shows those, of too few all of that name. */
function sagaFilter(check: Extract<Check, { kind: 'expectation' }>): string {
  const said = (field: string) => new RegExp(`\\bsaga\\.${field}:"?([^\\s"()]+)`).exec(check.measure.q)?.[1];
  const name = said('name');
  const state = said('stuck') === 'true' ? 'stuck' : said('state');
  const filter = new URLSearchParams();
  if (name !== undefined) filter.set('name', name);
  if (state !== undefined && check.bounds.max !== undefined) filter.set('state', state);
  return filter.size === 0 ? '' : `${filter.toString()}&`;
}

async function failedServices(run: CheckRun, collector: Pick<CollectorClient, 'trace'>): Promise<string[]> {
  if (run.trace_id === '') return [];
  const trace = await collector.trace(run.trace_id, AbortSignal.timeout(3000));
  const failed = trace?.summary.services.filter(({ errors, service }) => errors > 0 && service !== 'orrery-synthetic');
  return (failed ?? []).slice(0, 5).map(({ service }) => service);
}
