import type { SpanContext } from '@opentelemetry/api';
import type { AgentConfig } from '../config/config.js';

/** Whether a span is recorded, from its parent (if any) and its trace id. */
export type Sampler = (parent: SpanContext | undefined, traceId: string) => boolean;

/** The samplers of `OTEL_TRACES_SAMPLER`. */
export function samplerOf(config: Pick<AgentConfig, 'sampler' | 'samplerArgument'>): Sampler {
  const [base, parentBased] = config.sampler.startsWith('parentbased_')
    ? [config.sampler.slice('parentbased_'.length), true]
    : [config.sampler, false];
  const root = rootSampler(base, config.samplerArgument);
  if (!parentBased) return (_parent, traceId) => root(traceId);
  return (parent, traceId) => (parent === undefined ? root(traceId) : (parent.traceFlags & 1) === 1);
}

function rootSampler(name: string, argument: string | undefined): (traceId: string) => boolean {
  if (name === 'always_off') return () => false;
  if (name !== 'traceidratio') return () => true;
  const given = Number(argument ?? 1);
  const ratio = given >= 0 && given <= 1 ? given : 1;
  // The last 56 bits decide, as in W3C trace context level 2: every service comes to the same answer.
  const threshold = Math.round(ratio * 2 ** 32);
  return (traceId) => Number.parseInt(traceId.slice(18, 26), 16) < threshold;
}
