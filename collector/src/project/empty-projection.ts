import type { Projection } from './projection.js';

export function emptyProjection(): Projection {
  return { red: [], edges: [], traces: [], sagas: [], breakers: [], senders: [] };
}
