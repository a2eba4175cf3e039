import type { Attributes, CheckStep, Verdict } from '@orrery/collector/api';
import type { Check } from '../check/check.js';
import type { SecretMask } from '../check/secret-mask.js';
import type { VariableSource } from '../check/variables.js';
import type { RunTrace } from './run-trace.js';

/** What one try of a check found. */
export interface Finding {
  readonly verdict: Verdict;
  /** One sentence: what was found. */
  readonly sentence: string;
  readonly steps: CheckStep[];
  /** Expectations: the measured figure. */
  readonly figure: number | null;
  readonly details: Attributes;
}

/** Takes what belongs to a failing run (a screenshot, an answer) and gives its id; null when it could not be kept. */
export type ArtifactSink = (bytes: Uint8Array, contentType: ArtifactType) => Promise<string | null>;
export type ArtifactType = 'image/png' | 'text/plain' | 'application/json';

/** What a probe is handed for one try. */
export interface ProbeContext {
  readonly runId: string;
  readonly attempt: number;
  readonly trace: RunTrace;
  readonly variables: VariableSource;
  readonly mask: SecretMask;
  readonly artifacts: ArtifactSink;
  /** Aborts at the check's timeout and when the runner stops. */
  readonly signal: AbortSignal;
}

/**
 * Tries a check once. Never throws for what the system under test does: that is a finding. Ends every span it begins,
 * and leaves nothing open when the signal aborts.
 */
export type Probe<C extends Check = Check> = (check: C, context: ProbeContext) => Promise<Finding>;
