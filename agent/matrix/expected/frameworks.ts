import type { Exchange, Scenario } from '../scenario.js';

function routed(path: string, route: string, more: Partial<Exchange> = {}): Exchange {
  return {
    path,
    status: 200,
    span: {
      name: `GET ${route}`,
      kind: 'server',
      attributes: { 'http.route': route, 'http.response.status_code': 200 },
    },
    ...more,
  };
}

function unknown(path: string, status = 404, exception?: string): Exchange {
  return {
    path,
    status,
    span: {
      name: 'GET',
      kind: 'server',
      attributes: { 'http.route': undefined, 'http.response.status_code': status },
      ...(exception === undefined ? {} : { exception }),
    },
  };
}

/** An error that a handler threw. */
function thrown(path: string, route: string | undefined, exception: string): Exchange {
  return {
    path,
    status: 500,
    span: {
      name: route === undefined ? 'GET' : `GET ${route}`,
      kind: 'server',
      attributes: { 'http.route': route, 'error.type': '500' },
      failed: true,
      exception,
    },
  };
}

/** The caller goes away while a handler works. */
function abandoned(path: string, route: string): Exchange {
  return {
    path,
    abortAfterMs: 300,
    span: {
      name: `GET ${route}`,
      kind: 'server',
      attributes: { 'http.route': route, 'error.type': 'client_closed_request' },
    },
    logs: [{ body: 'waiting', at: `GET ${route}` }],
  };
}

function order(path: string, route: string): Exchange {
  return routed(path, route, { logs: [{ body: 'order 7', at: `GET ${route}`, line: 'as it is' }] });
}

export const express: Scenario = {
  app: 'express',
  exchanges: [
    order('/orders/7?x=1', '/orders/:id'),
    routed('/api/tenants/acme/shelves/s1/items/9', '/api/tenants/:tenant/shelves/:shelf/items/:item'),
    routed('/api/tenants/acme', '/api/tenants/:tenant'),
    routed('/red/7', '(/red|/blue)/:id'),
    routed('/v2/7', '/^\\/v\\d+//:id'),
    routed('/files/a/b.txt', '/^\\/files\\/(.*)$/'),
    unknown('/api/tenants/acme/none'),
    unknown('/no/such/page'),
    thrown('/boom', '/boom', 'TypeError'),
    thrown('/guarded', undefined, 'RangeError'),
    abandoned('/wait', '/wait'),
  ],
};

export const fastify: Scenario = {
  app: 'fastify',
  exchanges: [
    order('/orders/7?x=1', '/orders/:id'),
    routed('/api/tenants/acme/items/9', '/api/tenants/:tenant/items/:item'),
    unknown('/no/such/page'),
    {
      ...unknown('/strict', 400),
      method: 'POST',
      body: '{}',
      span: {
        name: 'POST /strict',
        kind: 'server',
        attributes: { 'http.route': '/strict', 'http.response.status_code': 400 },
        exception: 'FST_ERR_VALIDATION',
      },
    },
    thrown('/boom', '/boom', 'TypeError'),
    thrown('/guarded', '/guarded', 'RangeError'),
    abandoned('/wait', '/wait'),
  ],
};

export const koa: Scenario = {
  app: 'koa',
  exchanges: [
    order('/api/orders/7', '/api/orders/:id'),
    routed('/api/tenants/acme/items/9', '/api/tenants/:tenant/items/:item'),
    routed('/mounted/deep/items/9', '/mounted/deep/items/:item'),
    unknown('/no/such/page'),
    thrown('/api/boom', '/api/boom', 'TypeError'),
    abandoned('/api/wait', '/api/wait'),
  ],
};

export const hono: Scenario = {
  app: 'hono',
  exchanges: [
    order('/orders/7?x=1', '/orders/:id'),
    routed('/api/tenants/acme/items/9', '/api/tenants/:tenant/items/:item'),
    unknown('/no/such/page'),
    thrown('/boom', '/boom', 'TypeError'),
    abandoned('/wait', '/wait'),
  ],
};

export function nest(adapter: 'express' | 'fastify'): Scenario {
  const one = routed('/api/orders/7', '/api/orders/:id', {
    logs: [
      { body: 'order one', at: 'GET /api/orders/:id' },
      {
        body: 'one was asked for',
        at: 'GET /api/orders/:id',
        severity: 13,
        attributes: { context: 'Orders' },
        line: 'as it is',
      },
    ],
  });
  return {
    app: 'nest',
    words: adapter === 'express' ? {} : { ExpressAdapter: 'FastifyAdapter', 'platform-express': 'platform-fastify' },
    exchanges: [
      one,
      {
        path: '/api/orders/none',
        status: 404,
        span: {
          name: 'GET /api/orders/none',
          kind: 'server',
          attributes: { 'http.route': '/api/orders/none', 'http.response.status_code': 404 },
          exception: 'NotFoundException',
        },
      },
      // On fastify Nest answers what it does not know by an error of its own.
      adapter === 'express' ? unknown('/nothing') : unknown('/nothing', 404, 'NotFoundException'),
      thrown('/api/orders/boom', '/api/orders/boom', 'TypeError'),
    ],
  };
}
