import { z } from 'zod';

/**
 * Rows of a signal may go earlier than the slices they are in; figures by minute, the map, sagas and breakers stay for
 * `retention_hours`.
 */
export const SignalRetention = z
  .strictObject({
    traces_hours: z.int().min(1).optional(),
    logs_hours: z.int().min(1).optional(),
    metrics_hours: z.int().min(1).optional(),
  })
  .prefault({});
