import type { ComponentState, SystemStatus } from '../contract/index.js';
import type { ApiDeps } from './api-deps.js';
import { nanoText } from './nano-text.js';
import type { IngestHealth, StoreHealth } from './system-health.js';

/** How long a part may take to say that it is well. */
const PATIENCE_MS = 3000;
/** The runner is not asked: it is heard of. */
const RUNNER_SILENCE_MS = 120_000;

interface Findings {
  components: ComponentState[];
  ready: boolean;
  ingest: IngestHealth | null;
  store: StoreHealth | null;
}

/** Asks every part how it is. Nothing here throws: a part that does not answer is an answer. */
export async function findReadiness(deps: ApiDeps, nowMs: number): Promise<Findings> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const { health } = deps;
  const [ingest, store, elasticsearch] = await Promise.all([
    settle(health.ingest(signal)),
    settle(health.store(signal)),
    health.elasticsearch ? settle(health.elasticsearch(signal)) : null,
  ]);
  const components: ComponentState[] = [
    state('ingest', ingest.value ? ingest.value.trouble : ingest.error, 'Takes telemetry.'),
    state('log', ingest.value ? null : ingest.error, logSentence(ingest.value)),
    state('store', store.value ? store.value.trouble : store.error, storeSentence(store.value)),
    ...(elasticsearch ? [state('elasticsearch', elasticsearch.error, 'Answers.')] : []),
    state('api', null, 'Answers.'),
  ];
  const ready = components.every(({ ok }) => ok);
  const runner = await runnerState(deps, nowMs);
  return { components: [...components, runner], ready, ingest: ingest.value, store: store.value };
}

export async function systemStatus(deps: ApiDeps, nowMs: number): Promise<SystemStatus> {
  const [{ components, ready, ingest, store }, storage, letters] = await Promise.all([
    findReadiness(deps, nowMs),
    settle(deps.reader.storage(AbortSignal.timeout(PATIENCE_MS))),
    settle(deps.letters.list({ group: '', limit: 1 }, AbortSignal.timeout(PATIENCE_MS))),
  ]);
  const { facts } = deps;
  const none = {
    requests: 0,
    items: 0,
    bytes: 0,
    refused_requests: 0,
    rejected_items: 0,
    duplicates: 0,
    items_per_second: 0,
  };
  return {
    ready,
    components,
    version: facts.version,
    store: facts.store,
    started: nanoText(facts.startedMs),
    ingest: ingest?.signals ?? { traces: none, logs: none, metrics: none },
    refusals: ingest?.refusals ?? {},
    refused_senders: (ingest?.refusedSenders ?? []).map(({ service, reason, requests, lastMs }) => ({
      service,
      reason,
      requests,
      last: nanoText(lastMs),
    })),
    log: {
      bytes: ingest?.log.bytes ?? 0,
      limit_bytes: ingest?.log.limitBytes ?? 0,
      // A store that does not answer is not up to date for that.
      lag_bytes: store?.lagBytes ?? (ingest ? Math.max(0, ingest.log.end - ingest.log.released) : 0),
      lag_ms: store?.lagMs ?? 0,
    },
    storage: {
      slices: storage.value?.slices ?? 0,
      bytes: storage.value?.bytes ?? 0,
      spans: storage.value?.spans ?? 0,
      logs: storage.value?.logs ?? 0,
      metric_points: storage.value?.metricPoints ?? 0,
      oldest: storage.value?.oldest ?? null,
      newest: storage.value?.newest ?? null,
      dead_letters: letters.value?.total ?? storage.value?.deadLetters ?? 0,
    },
    senders: storage.value?.senders ?? [],
    senders_capped: storage.value?.sendersCapped ?? false,
    endpoints: facts.endpoints,
  };
}

async function runnerState({ control }: ApiDeps, nowMs: number): Promise<ComponentState> {
  const seen = await settle(control.checks());
  const lastMs = seen.value?.runnerLastSeenMs ?? null;
  if (lastMs === null)
    return { name: 'runner', ok: true, sentence: 'No runner has reported yet: start orrery-synthetic to run checks.' };
  const seconds = Math.round((nowMs - lastMs) / 1000);
  const ok = nowMs - lastMs < RUNNER_SILENCE_MS;
  return {
    name: 'runner',
    ok,
    sentence: ok ? 'Reports.' : `Last heard of ${seconds} s ago: checks do not run. Start orrery-synthetic.`,
  };
}

function state(name: ComponentState['name'], trouble: string | null, well: string): ComponentState {
  return { name, ok: trouble === null, sentence: trouble ?? well };
}

function logSentence(ingest: IngestHealth | null): string {
  if (!ingest) return '';
  const share = ingest.log.limitBytes > 0 ? Math.round((ingest.log.bytes / ingest.log.limitBytes) * 100) : 0;
  return `Holds ${share} % of what it may.`;
}

function storeSentence(store: StoreHealth | null): string {
  if (!store) return '';
  return store.lagMs < 5000 ? 'Up to date.' : `Is ${Math.round(store.lagMs / 1000)} s behind the log, and catches up.`;
}

async function settle<T>(work: Promise<T>): Promise<{ value: T; error: null } | { value: null; error: string }> {
  try {
    return { value: await work, error: null };
  } catch (error) {
    return { value: null, error: sentenceOf(error) };
  }
}

function sentenceOf(error: unknown): string {
  // What a timer says of itself tells nobody anything.
  const isLate =
    error instanceof Error && [error, error.cause].some((each) => (each as Error)?.name === 'TimeoutError');
  if (isLate) return `It does not answer within ${PATIENCE_MS / 1000} s: it is busy, or stands still.`;
  return error instanceof Error ? error.message : String(error);
}
