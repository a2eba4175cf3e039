import type { Page } from 'playwright';
import type { Expect } from 'playwright/test';
import { z } from 'zod';
import { checkFields, Retry, Variables } from './check-fields.js';
import { Duration } from './duration.js';

/** The head of a `*.journey.ts`: what it is and when it runs. */
export const JourneyDefinition = z.strictObject({
  ...checkFields,
  base: z.string().min(1).describe('Address of the site; `${name}` is replaced as in check files.'),
  timeout: Duration.default(60_000).describe('Of one try.'),
  retry: Retry.prefault({}),
  variables: Variables.default({}),
  first_party: z.array(z.string()).default([]).describe('Origins besides that of base whose requests join the trace.'),
  viewport: z
    .strictObject({ width: z.number().int().min(200).max(4000), height: z.number().int().min(200).max(4000) })
    .default({ width: 1280, height: 800 }),
});
export type JourneyDefinition = z.infer<typeof JourneyDefinition>;

/** What the body of a journey is handed. */
export interface JourneyContext {
  /** A page in a fresh context: no cookies, no storage of an earlier run. */
  page: Page;
  /** One step in business words: a span of the run's trace, with a screenshot when it fails. */
  step<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** Playwright's `expect`. */
  expect: Expect;
  /** Address of the site, without a slash at its end. */
  base: string;
  /** A variable of the definition, of the configuration or of `--var`. */
  variable(name: string): string;
  /** `ORRERY_SECRET_<NAME>`; its value is blanked in everything that is reported. */
  secret(name: string): string;
}

export interface Journey {
  readonly kind: 'journey';
  readonly definition: z.input<typeof JourneyDefinition>;
  readonly body: (context: JourneyContext) => Promise<void>;
}

/**
 * Declares a browser journey; the default export of a `*.journey.ts`.
 *
 * @example
 * export default journey({ name: 'sign-in', title: 'A customer can sign in', every: '1m', base: 'http://127.0.0.1:8080' },
 *   async ({ page, step, expect, base }) => {
 *     await step('Open the front page', async () => {
 *       await page.goto(base);
 *       await expect(page.getByRole('heading')).toBeVisible();
 *     });
 *   });
 */
export function journey(
  definition: z.input<typeof JourneyDefinition>,
  body: (context: JourneyContext) => Promise<void>,
): Journey {
  return { kind: 'journey', definition, body };
}

/** Whether a module's default export was made by {@link journey}. */
export function isJourney(value: unknown): value is Journey {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'journey';
}
