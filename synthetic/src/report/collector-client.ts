import {
  type AggregateQuery,
  AggregateResult,
  Alert,
  AlertDetail,
  AlertList,
  API_BASE,
  ArtifactCreated,
  BreakerList,
  type CheckDefinition,
  CheckList,
  type CheckRun,
  type MetricQuery,
  MetricResult,
  Problem,
  Routes,
  SilenceList,
  Trace,
} from '@orrery/collector/api';
import type { z } from 'zod';

/** Why the collector did not do what was asked; `retryable` when it may another time. */
export class CollectorError extends Error {
  constructor(
    message: string,
    /** Of its problem document, or `unreachable`, `not_understood`. */
    readonly code: string,
    readonly status: number,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CollectorError';
  }
}

/** What the runner asks of the collector's API. Every method throws {@link CollectorError}. */
export interface CollectorClient {
  checks(signal?: AbortSignal): Promise<CheckList>;
  putCheck(definition: CheckDefinition, signal?: AbortSignal): Promise<void>;
  deleteCheck(name: string, signal?: AbortSignal): Promise<void>;
  postRun(run: CheckRun, signal?: AbortSignal): Promise<void>;
  postArtifact(bytes: Uint8Array, contentType: string, signal?: AbortSignal): Promise<string>;
  query(query: z.input<typeof AggregateQuery>, signal?: AbortSignal): Promise<AggregateResult>;
  metricQuery(query: z.input<typeof MetricQuery>, signal?: AbortSignal): Promise<MetricResult>;
  alerts(signal?: AbortSignal): Promise<Alert[]>;
  /** Null when it was never written. */
  alert(id: string, signal?: AbortSignal): Promise<Alert | null>;
  /** Throws with code `alert_conflict` when somebody else wrote in between. */
  putAlert(alert: Alert, signal?: AbortSignal): Promise<Alert>;
  silences(signal?: AbortSignal): Promise<SilenceList['silences']>;
  openBreakers(signal?: AbortSignal): Promise<BreakerList['breakers']>;
  /** Null while it has not arrived. */
  trace(traceId: string, signal?: AbortSignal): Promise<Trace | null>;
}

const TIMEOUT_MS = 10_000;

/** @param api address of the API's host: `http://127.0.0.1:1781` */
export function collectorClient(api: string): CollectorClient {
  const base = `${api.replace(/\/+$/, '')}${API_BASE}`;

  async function call(method: string, path: string, body: unknown, signal: AbortSignal | undefined, type?: string) {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        method,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(body === undefined
          ? {}
          : {
              body: type ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
              headers: { 'content-type': type ?? 'application/json' },
            }),
      });
    } catch (error) {
      throw new CollectorError(`The collector at ${api} does not answer.`, 'unreachable', 0, true, { cause: error });
    }
    const text = await response.text().catch(() => '');
    if (response.ok) return text;
    const problem = Problem.safeParse(parseJson(text)).data;
    const retryable = response.status >= 500 || response.status === 429 || response.status === 408;
    const detail = problem
      ? `${problem.title}${problem.detail ? `: ${problem.detail}` : ''}`
      : `status ${response.status}`;
    throw new CollectorError(`${method} ${path}: ${detail}`, problem?.code ?? 'unknown', response.status, retryable);
  }

  async function ask<T>(
    schema: z.ZodType<T>,
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    const parsed = schema.safeParse(parseJson(await call(method, path, body, signal)));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const place = issue?.path.join('.') ?? '';
    throw new CollectorError(
      `${method} ${path}: the answer is not understood (${place}).`,
      'not_understood',
      200,
      false,
    );
  }

  const orNull = async <T>(promise: Promise<T>): Promise<T | null> => {
    try {
      return await promise;
    } catch (error) {
      if (error instanceof CollectorError && error.status === 404) return null;
      throw error;
    }
  };

  return {
    checks: (signal) => ask(CheckList, 'GET', Routes.checks, undefined, signal),
    putCheck: async (definition, signal) =>
      void (await call('PUT', at(Routes.check, definition.name), definition, signal)),
    deleteCheck: async (name, signal) => void (await call('DELETE', at(Routes.check, name), undefined, signal)),
    postRun: async (run, signal) => void (await call('POST', at(Routes.checkRuns, run.check), run, signal)),
    postArtifact: async (bytes, contentType, signal) => {
      const text = await call('POST', Routes.artifacts, bytes, signal, contentType);
      return ArtifactCreated.parse(parseJson(text)).id;
    },
    query: (query, signal) => ask(AggregateResult, 'POST', Routes.query, query, signal),
    metricQuery: (query, signal) => ask(MetricResult, 'POST', Routes.metricQuery, query, signal),
    alerts: async (signal) => (await ask(AlertList, 'GET', Routes.alerts, undefined, signal)).alerts,
    alert: async (id, signal) =>
      (await orNull(ask(AlertDetail, 'GET', at(Routes.alert, id), undefined, signal)))?.alert ?? null,
    putAlert: (alert, signal) => ask(Alert, 'PUT', at(Routes.alert, alert.id), alert, signal),
    silences: async (signal) => (await ask(SilenceList, 'GET', Routes.silences, undefined, signal)).silences,
    openBreakers: async (signal) => {
      const { breakers } = await ask(BreakerList, 'GET', `${Routes.breakers}?from=now-15m`, undefined, signal);
      return breakers.filter(({ state }) => state === 'open' || state === 'half_open' || state === 'forced_open');
    },
    trace: (traceId, signal) => orNull(ask(Trace, 'GET', at(Routes.trace, traceId), undefined, signal)),
  };
}

/** Puts a value into the one place of a route. */
function at(route: string, value: string): string {
  return route.replace(/:\w+/, encodeURIComponent(value));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
