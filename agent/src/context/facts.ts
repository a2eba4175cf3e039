import type { Attributes, Baggage } from '@opentelemetry/api';
import { WireBaggage } from './wire-baggage.js';

/**
 * What Orrery knows about the work at hand, beyond W3C trace context: vocabulary "Baggage". Copied onto every span and
 * log record by the recorder, and by loggers into their lines.
 */
export interface Facts {
  readonly correlationId: string;
  readonly sagaId: string | undefined;
  readonly sagaName: string | undefined;
  readonly sagaStep: string | undefined;
  readonly synthetic: boolean;
  readonly syntheticCheck: string | undefined;
  readonly syntheticRun: string | undefined;
}

/** Names as baggage keys and as attributes. */
export const FACT_KEYS = {
  correlationId: 'correlation.id',
  sagaId: 'saga.id',
  sagaName: 'saga.name',
  sagaStep: 'saga.step',
  synthetic: 'synthetic',
  syntheticCheck: 'synthetic.check',
  syntheticRun: 'synthetic.run',
} as const;

/** All of them. */
export const FACT_NAMES: readonly string[] = Object.values(FACT_KEYS);

/**
 * `saga.step` of baggage keeps its name: `saga.step.name` says that a span *is* the step, which what happens further down
 * is not.
 */
export const SAGA_STEP_ATTRIBUTE = 'saga.step';

const ACCEPTABLE = /^[\w.:/-]{1,128}$/;

/** The value when it may be copied (vocabulary: up to 128 characters of `[\w.:/-]`), so that no peer can flood or forge lines. */
export function acceptable(value: string | undefined): string | undefined {
  return value !== undefined && ACCEPTABLE.test(value) ? value : undefined;
}

/** Facts of work nobody said anything about. */
export function plainFacts(correlationId: string): Facts {
  return {
    correlationId,
    sagaId: undefined,
    sagaName: undefined,
    sagaStep: undefined,
    synthetic: false,
    syntheticCheck: undefined,
    syntheticRun: undefined,
  };
}

/** Reads our keys, and only ours, over `base`; answers `base` itself when baggage says nothing. */
export function factsFromBaggage(baggage: Baggage | undefined, base: Facts): Facts {
  if (baggage === undefined || !mayHoldFacts(baggage)) return base;
  const read = (key: string): string | undefined => acceptable(baggage.getEntry(key)?.value);
  return {
    correlationId: read(FACT_KEYS.correlationId) ?? base.correlationId,
    sagaId: read(FACT_KEYS.sagaId) ?? base.sagaId,
    sagaName: read(FACT_KEYS.sagaName) ?? base.sagaName,
    sagaStep: read(FACT_KEYS.sagaStep) ?? base.sagaStep,
    synthetic: read(FACT_KEYS.synthetic) === 'true' || base.synthetic,
    syntheticCheck: read(FACT_KEYS.syntheticCheck) ?? base.syntheticCheck,
    syntheticRun: read(FACT_KEYS.syntheticRun) ?? base.syntheticRun,
  };
}

/** Whether nothing but the correlation id is known: nearly every request. */
export function isCorrelatedOnly(facts: Facts): boolean {
  return facts.sagaId === undefined && facts.sagaName === undefined && facts.sagaStep === undefined && !facts.synthetic;
}

/** Facts as attributes of a span or a log record. */
export function factAttributes(facts: Facts): Attributes {
  const attributes: Attributes = { [FACT_KEYS.correlationId]: facts.correlationId };
  if (facts.sagaId !== undefined) attributes[FACT_KEYS.sagaId] = facts.sagaId;
  if (facts.sagaName !== undefined) attributes[FACT_KEYS.sagaName] = facts.sagaName;
  if (facts.sagaStep !== undefined) attributes[SAGA_STEP_ATTRIBUTE] = facts.sagaStep;
  if (facts.synthetic) {
    attributes[FACT_KEYS.synthetic] = true;
    if (facts.syntheticCheck !== undefined) attributes[FACT_KEYS.syntheticCheck] = facts.syntheticCheck;
    if (facts.syntheticRun !== undefined) attributes[FACT_KEYS.syntheticRun] = facts.syntheticRun;
  }
  return attributes;
}

/** Spares parsing: a header without these words has none of our keys (keys are tokens, never percent-encoded by us). */
function mayHoldFacts(baggage: Baggage): boolean {
  const header = baggage instanceof WireBaggage ? baggage.header : undefined;
  return (
    header === undefined ||
    header.includes('correlation.id') ||
    header.includes('saga.') ||
    header.includes('synthetic')
  );
}
