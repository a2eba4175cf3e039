import type { Recorder } from '../record/recorder.js';
import { ownApiGlobals } from './api-globals.js';
import type { EngineParts } from './engine.js';
import { AgentTracerProvider } from './tracer-provider.js';

/** The agent's own engine: purpose-made spans behind the OpenTelemetry API. */
export function startOwnEngine({ own, contextManager, propagator, meterProvider, warn }: EngineParts): Recorder {
  const owned = ownApiGlobals({
    trace: new AgentTracerProvider(own),
    context: contextManager,
    propagation: propagator,
    metrics: meterProvider,
  });
  if (!owned) warn('api_taken', 'another OpenTelemetry SDK was there first; spans of the OpenTelemetry API go to it');
  return own;
}
