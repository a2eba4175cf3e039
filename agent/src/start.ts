import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { applicationOf } from './config/application-environment.js';
import type { AgentConfig } from './config/config.js';
import { shownUrl } from './config/destination.js';
import { readConfig } from './config/read-config.js';
import { unusedVariables } from './config/unused-variables.js';
import { factsOf } from './context/line-facts.js';
import type { Sender } from './context/propagation.js';
import { callerMember } from './context/trace-state.js';
import { trustedPeers } from './context/trusted-peers.js';
import { CensusTaker } from './doctor/census.js';
import { type Ledger, ledgerTo } from './doctor/ledger.js';
import { tellAtEnd } from './doctor/tell-at-end.js';
import { JsonLines } from './encode/json-lines.js';
import { encodeLogRecord } from './encode/log.js';
import { AgentContextManager } from './engine/context-manager.js';
import type { Agent, EngineParts, Warn } from './engine/engine.js';
import { apiLoggerProvider, ownLogsApi } from './engine/logger-provider.js';
import { apiMeterProvider } from './engine/meter-provider.js';
import { createOutlet, type Outlet } from './engine/outlet.js';
import { startOwnEngine } from './engine/own-engine.js';
import { AgentPropagator } from './engine/propagator.js';
import { StandBack } from './engine/stand-back.js';
import { observeExport } from './export/export-metrics.js';
import { MetricReader } from './export/metric-reader.js';
import { onProcessEnd } from './export/process-end.js';
import { applyInstrumentations } from './instrument/apply.js';
import { nextSpans } from './instrument/next/next-spans.js';
import { knexSpans } from './instrument/otel/knex-spans.js';
import { INSTRUMENTATIONS } from './instrument/table.js';
import { fullInstruments } from './record/full-instruments.js';
import { OwnMeter } from './record/own-meter.js';
import { OwnRecorder } from './record/own-recorder.js';
import { RandomIds } from './record/random-ids.js';
import type { Recorder } from './record/recorder.js';
import { samplerOf } from './record/sampler.js';
import { silentMeter } from './record/silent-meter.js';
import { identityOf } from './resource/identity.js';
import { AGENT_VERSION } from './version.js';

/** Set once the agent runs in this thread: it may be asked for twice (`--require` and NODE_OPTIONS). */
const STARTED = Symbol.for('orrery.agent');

/** Starts the agent in this thread. `programs` is the directory of the built files. Never throws. */
export function startAgent(programs: string): void {
  const holder = globalThis as { [STARTED]?: true };
  if (holder[STARTED] === true) return;
  holder[STARTED] = true;
  const application = applicationOf(process.env, process.argv[1], process.cwd());
  const ledger = ledgerTo(process.env);
  const warn = warner(ledger);
  const config = readConfig(application.environment, (sentence) => warn(`option ${sentence}`, sentence));
  if (config.disabled) return;
  const unused = unusedVariables(application.environment);
  if (unused.length > 0) warn('unused variables', `not used: ${unused.join(', ')}; see the README, "Options"`);

  const identity = identityOf(config, application);
  const outlet = createOutlet(config, identity, programs, warn);
  const limits = { attributes: config.spanAttributeLimit, maxChars: config.attributeLengthLimit };
  const lines = new JsonLines(limits);
  const own = new OwnRecorder({
    clock: outlet.clock,
    ids: new RandomIds(),
    sampler: samplerOf(config),
    limits: { attributes: config.spanAttributeLimit, events: config.spanEventLimit, links: config.spanLinkLimit },
    maxChars: config.attributeLengthLimit,
    keepsValues: config.statementValues,
    traces: config.tracesExporter === 'otlp' ? outlet.exporter.queues.traces : undefined,
    logs: config.logsExporter === 'otlp' ? outlet.exporter.queues.logs : undefined,
    encodeLog: (writer, record, context) => encodeLogRecord(writer, record, context, limits, lines),
  });
  const onFull = fullInstruments(config.metricSeries, own, (sentence) => warn('series', sentence));
  const ownMeter =
    config.metricsExporter === 'otlp'
      ? new OwnMeter(config.metricSeries, config.histograms === 'base2_exponential_bucket_histogram', onFull)
      : undefined;
  const meter = ownMeter ?? silentMeter;
  const isTrusted = trustedPeers(config.trustedHosts);
  const sender: Sender = { caller: callerMember(identity.serviceName), formats: config.propagators };
  const standBack = new StandBack();
  standBack.whenItHappens(() => own.silenceSpans());
  const taker = ledger && new CensusTaker();
  const parts: EngineParts = {
    config,
    identity,
    contextManager: new AgentContextManager(),
    propagator: new AgentPropagator(sender, isTrusted),
    meterProvider: ownMeter && apiMeterProvider(ownMeter, warn),
    spanRules: [nextSpans(), knexSpans],
    factsOf,
    own: taker?.around(own) ?? own,
    warn,
    standBack,
  };
  const recorder = config.engine === 'otel-sdk' ? startSdkEngine(parts, programs) : startOwnEngine(parts);
  const loggerProvider = apiLoggerProvider(recorder);
  ownLogsApi(loggerProvider);
  const endings: (() => void)[] = [];
  const agent: Agent = {
    config,
    recorder,
    meter,
    identity,
    isTrusted,
    sender,
    warn,
    standBack,
    loggerProvider,
    atEnd: (work) => void endings.push(work),
  };

  ledger?.({
    kind: 'start',
    agent: AGENT_VERSION,
    node: process.version,
    service: identity.serviceName,
    engine: config.engine,
    thread: isMainThread ? 'main' : 'worker',
  });
  applyInstrumentations(INSTRUMENTATIONS, agent, programs, application.script, ledger);
  const metrics = ownMeter && startMetricReader(ownMeter, outlet, config, warn);
  observeExport(meter, outlet.exporter.counters, config.metricSeries);
  const { counters } = outlet.exporter;
  const tell = ledger && taker && tellAtEnd(ledger, counters, taker.census, join(programs, 'register.cjs'));
  const end = (): void => {
    // A throw here would change the exit code of the application.
    for (const work of [...endings, () => metrics?.read(), () => outlet.exporter.flushSync(), () => tell?.()]) {
      try {
        work();
      } catch (error) {
        warn('end', 'could not send everything at the end of the process', error);
      }
    }
  };
  // Where nothing is exported nothing waits to be sent: no listener, and no worker to watch for signals.
  if ([config.tracesExporter, config.logsExporter, config.metricsExporter].includes('otlp')) {
    onProcessEnd(end, outlet.exporter);
  } else if (tell !== undefined) process.on('exit', tell);
  if (config.startupLine === 'true' || (config.startupLine === 'auto' && process.stderr.isTTY)) {
    process.stderr.write(
      `orrery: agent ${AGENT_VERSION} observes ${identity.serviceName}, sending to ${shownUrl(config.endpoint ?? '')}\n`,
    );
  }
}

function startMetricReader(meter: OwnMeter, outlet: Outlet, config: AgentConfig, warn: Warn): MetricReader {
  return new MetricReader(meter, outlet.exporter.queues.metrics, {
    intervalMs: config.metricIntervalMs,
    delta: config.metricTemporality !== 'cumulative',
    maxChars: config.attributeLengthLimit,
    onFault: (fault) => warn('metrics', 'a metric could not be read', fault),
  });
}

/** The SDK is heavy: a program of its own, loaded only when asked for. Without it (not installed) the own engine runs. */
function startSdkEngine(parts: EngineParts, programs: string): Recorder {
  try {
    const load = createRequire(join(programs, 'register.cjs'));
    const { startSdkEngine: start } = load('./sdk-engine.cjs') as { startSdkEngine: (parts: EngineParts) => Recorder };
    return start(parts);
  } catch (error) {
    parts.warn('sdk', 'could not start @opentelemetry/sdk-node; using the own engine', error);
    return startOwnEngine(parts);
  }
}

function warner(ledger: Ledger | undefined): Warn {
  const told = new Set<string>();
  return (code, message, cause) => {
    if (told.has(code)) return;
    told.add(code);
    const because = cause instanceof Error ? `: ${cause.message}` : '';
    process.stderr.write(`orrery: ${message}${because}\n`);
    ledger?.({ kind: 'warning', code, message: `${message}${because}` });
  };
}
