import { AlertSeverity } from '@orrery/collector/api';
import { z } from 'zod';
import { Duration } from './duration.js';

/** A name that is safe in an address, in a header and as the name of an alert. */
export const CheckName = z
  .string()
  .max(128)
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    'is lower-case letters, digits, ".", "_" and "-", and begins with a letter or digit',
  );

/** When verdicts become a page, and when they take it back: hysteresis in both directions. */
export const AlertSettings = z.strictObject({
  fail_streak: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(2)
    .describe('Failing verdicts in a row before anybody is told.'),
  for: Duration.default(0).describe('… and for at least this long.'),
  pass_streak: z.number().int().min(1).max(1000).default(2).describe('Passing verdicts in a row before it is over.'),
  recover_for: Duration.default(0).describe('… and for at least this long.'),
  no_data_streak: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(5)
    .describe('Verdicts without an answer in a row before "no data" is told.'),
});
export type AlertSettings = z.infer<typeof AlertSettings>;

/** What every check, journey and expectation says about itself. */
export const checkFields = {
  name: CheckName,
  title: z.string().min(1).max(512).describe('What a customer can do, in business words.'),
  description: z.string().max(4096).default(''),
  enabled: z.boolean().default(true),
  every: Duration.refine((ms) => ms >= 1000, 'is at least 1s')
    .optional()
    .describe('How often it runs. Either this or cron.'),
  cron: z.string().max(128).optional().describe('Five or six fields, e.g. "*/5 8-18 * * 1-5".'),
  timezone: z.string().max(64).optional().describe('Of cron, e.g. Europe/Berlin; the machine’s own when absent.'),
  owner: z.string().max(256).default(''),
  severity: AlertSeverity.default('page'),
  runbook: z.string().max(2048).default('').describe('An address: what to do when this fails.'),
  alert: AlertSettings.prefault({}),
};

/** Tries of one run: every one is kept, the last one decides. */
export const Retry = z.strictObject({
  attempts: z.number().int().min(1).max(10).default(1).describe('Tries in all; 1 means no second try.'),
  delay: Duration.default(1000).describe('Before the second try.'),
  factor: z.number().min(1).max(10).default(2).describe('How the delay grows from try to try.'),
});
export type Retry = z.infer<typeof Retry>;

/** Values for `${name}` in the file; `--var`, the environment and the config override them. */
export const Variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
  z.union([z.string(), z.number(), z.boolean()]),
);
