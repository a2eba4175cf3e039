import { adoptContexts, ROOT } from '../context/context.js';
import type { Recorder } from '../record/recorder.js';
import { activeApiContext, ownApiGlobals } from './api-globals.js';
import type { EngineParts } from './engine.js';
import { AgentTracerProvider } from './tracer-provider.js';

/** The agent's own engine: purpose-made spans behind the OpenTelemetry API. */
export function startOwnEngine(parts: EngineParts): Recorder {
  const { own, contextManager, propagator, meterProvider, spanRules, standBack, warn } = parts;
  standBack.whenItHappens(() => {
    adoptContexts(() => activeApiContext() ?? ROOT);
    warn(
      'own_sdk',
      'the application runs its own OpenTelemetry SDK, which keeps the spans; the agent adds log records and metrics only',
    );
  });
  const provider = new AgentTracerProvider(own, spanRules);
  const owned = ownApiGlobals({
    trace: provider,
    context: contextManager,
    propagation: propagator,
    metrics: meterProvider,
  });
  if (!owned) standBack.now();
  return own;
}
