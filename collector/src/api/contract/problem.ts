import { z } from 'zod';

/** RFC 9457 problem document, `application/problem+json`. `code` is stable; `faults` names the place of each fault. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string(),
  faults: z
    .array(z.object({ path: z.string(), message: z.string(), position: z.number().int().optional() }))
    .optional(),
});
export type Problem = z.infer<typeof Problem>;
