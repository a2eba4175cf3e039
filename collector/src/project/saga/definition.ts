import type { FilterNode } from '../../query/ast.js';

/** A saga as its owner describes it in a `*.saga.yaml` file: what should happen, in which order, by when. */
export interface SagaDefinition {
  /** Path of the file, for people. */
  file: string;
  name: string;
  version: string;
  type: 'orchestration' | 'choreography';
  /**
   * Attribute whose value joins the steps of one instance (an order's id, say). Empty for an orchestrated saga that
   * carries `saga.id` itself.
   */
  correlation: string;
  steps: SagaStepDefinition[];
  /** Steps that end it: all of `completed` done, or any of `failed` done. Empty lists leave it to the saga's own events. */
  terminal: { completed: string[]; failed: string[] };
  /** Silence after which an unfinished instance counts as stuck, unless the step it waits for has a deadline. */
  stuckAfterMs: number;
}

export interface SagaStepDefinition {
  name: string;
  kind: 'action' | 'compensation';
  /** For a compensation: the step it undoes. */
  compensates: string | null;
  optional: boolean;
  deadlineMs: number | null;
  /** Which spans or log lines are this step; null for sagas that say `saga.step.name` themselves. */
  match: FilterNode | null;
  /** What `match` is asked of. */
  on: 'spans' | 'logs';
}

/** How long a saga without a definition may be silent before it counts as stuck. */
export const STUCK_AFTER_MS = 60_000;
