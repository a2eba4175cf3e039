import { callerMember } from '../context/trace-state.js';
import { OwnRecorder } from '../record/own-recorder.js';
import { RandomIds } from '../record/random-ids.js';
import type { Recorder } from '../record/recorder.js';
import { samplerOf } from '../record/sampler.js';
import { ownApiGlobals } from './api-globals.js';
import { AgentContextManager } from './context-manager.js';
import type { EngineParts } from './engine.js';
import { AgentPropagator } from './propagator.js';
import { AgentTracerProvider } from './tracer-provider.js';

/** The agent's own engine: purpose-made spans behind the OpenTelemetry API. */
export function startOwnEngine(parts: EngineParts): Recorder {
  const { config, identity, outlet, encodeLog, meterProvider, warn } = parts;
  const { traces, logs } = outlet.exporter.queues;
  const recorder = new OwnRecorder({
    clock: outlet.clock,
    ids: new RandomIds(),
    sampler: samplerOf(config),
    limits: { attributes: config.spanAttributeLimit, events: config.spanEventLimit, links: config.spanLinkLimit },
    maxChars: config.attributeLengthLimit,
    traces: config.tracesExporter === 'otlp' ? traces : undefined,
    logs: config.logsExporter === 'otlp' ? logs : undefined,
    encodeLog,
  });
  const owned = ownApiGlobals({
    trace: new AgentTracerProvider(recorder),
    context: new AgentContextManager(),
    propagation: new AgentPropagator(callerMember(identity.serviceName)),
    metrics: meterProvider,
  });
  if (!owned) warn('api_taken', 'another OpenTelemetry SDK was there first; spans of the OpenTelemetry API go to it');
  return recorder;
}
