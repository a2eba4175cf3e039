import { AlertSeverity } from '@orrery/collector/api';
import { z } from 'zod';

/** What every receiver says about itself, besides where it is. */
export const receiverFields = {
  severities: z.array(AlertSeverity).min(1).default(['page', 'ticket', 'info']).describe('Which alerts it is told of.'),
  no_data: z.boolean().default(true).describe('Whether it is told when a question has no answer.'),
  checks: z.array(z.string().max(128)).min(1).default(['*']).describe('Names of checks; * stands for anything.'),
};
