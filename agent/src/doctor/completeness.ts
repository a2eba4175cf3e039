import type { Census } from './census.js';

/** How complete correlation is: a share of 100, and what is missing, with the reason and what helps. */
export interface Completeness {
  /** `null`: nothing happened that could be correlated. */
  readonly percent: number | null;
  readonly parts: readonly {
    readonly what: string;
    readonly good: number;
    readonly of: number;
    readonly missing: string;
  }[];
}

const UNROUTED =
  'no framework told a route: their spans are named by the method alone. Routes come from express, fastify, koa, hono, Nest and Next';
const LOST =
  'written outside of the request they belong to, while one was open: by code that a pool, a queue of its own or a connection calls. ' +
  'AsyncResource.bind, or withContext of @orrery/agent/context, brings them back';
const UNCONTINUED =
  'came without context: their sender runs no agent, or wrote them without headers. They begin traces of their own';

/** What the census says; the share is that of all things counted together. */
export function completenessOf({ requests, messages, lines }: Census): Completeness {
  const parts = [
    { what: 'requests with a route', good: requests.routed, of: requests.total, missing: UNROUTED },
    ...Object.entries(lines).map(([scope, { withIds, lost }]) => ({
      what: `log lines of ${scope.replace('@orrery/agent/', '')} with ids`,
      good: withIds,
      of: withIds + lost,
      missing: LOST,
    })),
    ...Object.entries(messages).map(([system, { total, continued }]) => ({
      what: `messages of ${system} that continue a trace`,
      good: continued,
      of: total,
      missing: UNCONTINUED,
    })),
  ].filter((part) => part.of > 0);
  const of = parts.reduce((sum, part) => sum + part.of, 0);
  const good = parts.reduce((sum, part) => sum + part.good, 0);
  return { percent: of === 0 ? null : Math.floor((good / of) * 100), parts };
}
