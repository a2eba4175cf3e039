import { z } from 'zod';
import { Attributes, UnixNanoText } from './primitives.js';

export const CheckKind = z.enum(['http', 'browser', 'expectation']);
export type CheckKind = z.infer<typeof CheckKind>;

/** `no_data`: the question could not be answered. `cannot_run`: something is missing on this machine. */
export const Verdict = z.enum(['pass', 'fail', 'no_data', 'cannot_run']);
export type Verdict = z.infer<typeof Verdict>;

export const AlertSeverity = z.enum(['page', 'ticket', 'info']);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

/** What the runner knows of a check from its file: `PUT /checks/{name}`. */
export const CheckDefinition = z.object({
  name: z.string().min(1).max(128),
  kind: CheckKind,
  /** In business words. */
  title: z.string().max(512),
  description: z.string().max(4096).default(''),
  file: z.string().max(1024),
  /** As people say it: "every 30 s". */
  schedule: z.string().max(256),
  severity: AlertSeverity.default('page'),
  owner: z.string().max(256).default(''),
  runbook: z.string().max(2048).default(''),
  /** Faults in the file, with their place; a check with faults does not run. */
  faults: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        line: z.number().int().optional(),
        column: z.number().int().optional(),
      }),
    )
    .default([]),
  /** Expectations: the bounds the figure must stay in. */
  bounds: z
    .object({ min: z.number().nullable(), max: z.number().nullable(), unit: z.string() })
    .nullable()
    .default(null),
});
export type CheckDefinition = z.infer<typeof CheckDefinition>;

export const CheckStep = z.object({
  name: z.string(),
  outcome: z.enum(['pass', 'fail', 'skipped']),
  duration_ms: z.number(),
  error: z.string().default(''),
  /** Id of an artifact (a screenshot, a response). */
  artifact: z.string().nullable().default(null),
});
export type CheckStep = z.infer<typeof CheckStep>;

/** `POST /checks/{name}/runs` */
export const CheckRun = z.object({
  run_id: z.string().min(1).max(64),
  check: z.string().min(1).max(128),
  started: UnixNanoText,
  duration_ms: z.number(),
  verdict: Verdict,
  /** One sentence: what was found. */
  sentence: z.string().max(2048),
  attempts: z.number().int().default(1),
  trace_id: z.string().default(''),
  steps: z.array(CheckStep).default([]),
  /** Expectations: the figure that was measured. */
  figure: z.number().nullable().default(null),
  location: z.string().default(''),
  details: Attributes.default({}),
});
export type CheckRun = z.infer<typeof CheckRun>;

export const Check = z.object({
  definition: CheckDefinition,
  /** Null before the first run. */
  verdict: Verdict.nullable(),
  since: UnixNanoText.nullable(),
  last_run: CheckRun.nullable(),
  /** Newest last, at most 60: verdict, duration and figure of each. */
  history: z.array(
    z.object({
      run_id: z.string(),
      started: UnixNanoText,
      verdict: Verdict,
      duration_ms: z.number(),
      figure: z.number().nullable(),
    }),
  ),
});
export type Check = z.infer<typeof Check>;

export const CheckList = z.object({ checks: z.array(Check), runner_last_seen: UnixNanoText.nullable() });
export type CheckList = z.infer<typeof CheckList>;

export const CheckDetail = z.object({ check: Check, runs: z.array(CheckRun) });
export type CheckDetail = z.infer<typeof CheckDetail>;

/** `POST /artifacts` with the bytes as body and their content type: image/png, image/jpeg, text/plain, application/json. */
export const ArtifactCreated = z.object({ id: z.string() });
export type ArtifactCreated = z.infer<typeof ArtifactCreated>;
