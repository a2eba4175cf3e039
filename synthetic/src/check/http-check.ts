import { z } from 'zod';
import { checkFields, Retry, Variables } from './check-fields.js';
import { Duration } from './duration.js';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Comparisons of one value; all that are given must hold. */
const comparisons = {
  equals: z.union([Scalar, z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  not_equals: Scalar.optional(),
  less_than: z.number().optional(),
  at_most: z.number().optional(),
  greater_than: z.number().optional(),
  at_least: z.number().optional(),
  contains: z.string().optional(),
  matches: z.string().optional().describe('A regular expression.'),
};
export type Comparisons = { [K in keyof typeof comparisons]?: z.infer<(typeof comparisons)[K]> };

const HeaderExpectation = z.union([
  z.string().describe('The whole value.'),
  z.strictObject({ ...comparisons, exists: z.boolean().optional() }),
]);

/**
 * Every value that the path selects must hold, and it must select one at least; `exists: false` wants none;
 * `count` counts what was selected.
 */
const JsonExpectation = z.strictObject({
  path: z.string().min(1).describe('JSONPath (RFC 9535), e.g. $.items[0].price'),
  exists: z.boolean().optional(),
  count: z
    .union([z.number().int(), z.strictObject({ at_least: z.number().optional(), at_most: z.number().optional() })])
    .optional(),
  ...comparisons,
});
export type JsonExpectation = z.infer<typeof JsonExpectation>;

const TextOrTexts = z.union([z.string(), z.array(z.string()).min(1)]);

const HttpExpectation = z.strictObject({
  status: z
    .union([z.number().int().min(100).max(599), z.string().regex(/^[1-5]xx$/), z.array(z.number().int()).min(1)])
    .optional()
    .describe('200, [200, 201] or 2xx. Without it, anything below 400 is good.'),
  headers: z.record(z.string(), HeaderExpectation).optional(),
  body: z
    .strictObject({
      contains: TextOrTexts.optional(),
      not_contains: TextOrTexts.optional(),
      matches: z.string().optional(),
    })
    .optional(),
  json: z.array(JsonExpectation).optional(),
  max_duration: Duration.optional().describe('From the request to the last byte of the answer.'),
});
export type HttpExpectation = z.infer<typeof HttpExpectation>;

const SavedValue = z.union([
  z.strictObject({ json: z.string().describe('JSONPath: the first value it selects.') }),
  z.strictObject({ header: z.string() }),
  z.strictObject({ regex: z.string().describe('Over the body: the first group, or the whole match.') }),
]);
export type SavedValue = z.infer<typeof SavedValue>;

const HttpRequest = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'is an HTTP method in capitals')
    .default('GET'),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  json: z.unknown().optional(),
  redirects: z.number().int().min(0).max(20).default(0).describe('How many to follow.'),
  timeout: Duration.optional(),
});
export type HttpRequest = z.infer<typeof HttpRequest>;

const HttpStep = z.strictObject({
  name: z.string().min(1).max(256),
  request: HttpRequest,
  expect: HttpExpectation.prefault({}),
  save: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), SavedValue).default({}),
  eventually: z
    .strictObject({ within: Duration, every: Duration.default(500) })
    .optional()
    .describe('Ask again until the expectation holds: for what other services do in their own time.'),
  always: z.boolean().default(false).describe('Runs after a failed step too: to clean up.'),
});
export type HttpStep = z.infer<typeof HttpStep>;

/** `checks/*.check.yaml` */
export const HttpCheckFile = z.strictObject({
  ...checkFields,
  timeout: Duration.default(30_000).describe('Of one try with all its steps.'),
  retry: Retry.prefault({}),
  variables: Variables.default({}),
  steps: z.array(HttpStep).min(1).max(100),
});
export type HttpCheckFile = z.infer<typeof HttpCheckFile>;
