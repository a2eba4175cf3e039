import { z } from 'zod';
import { checkFields } from './check-fields.js';
import { Duration } from './duration.js';

const Filter = z.string().max(4096).default('').describe('In the query language of the dashboard’s search box.');

/** A figure over real traffic. */
const Measure = z.strictObject({
  signal: z.enum(['spans', 'logs', 'sagas', 'metrics']),
  q: Filter,
  op: z
    .enum(['count', 'rate', 'distinct', 'sum', 'avg', 'min', 'max', 'quantile'])
    .default('count')
    .describe('rate is per second.'),
  field: z
    .string()
    .max(256)
    .optional()
    .describe('What is summed, averaged …; duration is in milliseconds. The name of the metric for metrics.'),
  quantile: z.number().min(0).max(1).optional(),
  synthetic: z.enum(['exclude', 'include', 'only']).default('exclude'),
});
export type Measure = z.infer<typeof Measure>;

const MainMeasure = Measure.extend({
  over: Duration.refine((ms) => ms >= 1000, 'is at least 1s')
    .default(60_000)
    .describe('The window that is looked at.'),
  delay: Duration.default(5000).describe('The window ends this long ago, so that late telemetry is in it.'),
  ratio_to: Measure.optional().describe('The figure is divided by this one; nothing to divide by is no data.'),
});

/** `expectations/*.expectation.yaml` */
export const ExpectationFile = z.strictObject({
  ...checkFields,
  environment: z.string().max(128).default(''),
  measure: MainMeasure,
  bounds: z.strictObject({
    min: z.number().optional(),
    max: z.number().optional(),
    unit: z.string().max(64).default(''),
  }),
  no_data: z
    .enum(['fail', 'no_data', 'pass'])
    .default('no_data')
    .describe('What it means when there is nothing to compute the figure from.'),
  affected: z
    .strictObject({
      signal: z.enum(['spans', 'logs', 'sagas']),
      q: Filter,
      field: z.string().min(1).max(256),
      limit: z.number().int().min(1).max(100).default(10),
    })
    .optional()
    .describe('Who suffers: the values of this field are named in the page.'),
});
export type ExpectationFile = z.infer<typeof ExpectationFile>;
