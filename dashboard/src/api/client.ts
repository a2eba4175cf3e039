import type { API_BASE } from '@orrery/collector/api';
import type { Answers, Question } from './answers.js';
import { ApiError, errorOf } from './api-error.js';

/** The contract's own value, as a type: importing it would bring every schema along. */
const base: typeof API_BASE = '/api/orrery/v1';

/** Values of one question; empty text and `undefined` are left out, `:name` in the route is filled from here. */
export type Parameters = Record<string, string | number | boolean | undefined>;

/** Address of a route with its path and query parameters. */
export function addressOf(route: string, parameters: Parameters = {}): string {
  const rest = { ...parameters };
  const path = route.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value ?? ''));
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return `${base}${path}${text ? `?${text}` : ''}`;
}

/** GET. @throws ApiError */
export async function ask<Q extends Question>(
  route: Q,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Answers[Q]> {
  const response = await send(addressOf(route, parameters), signal ? { signal } : {});
  return (await response.json()) as Answers[Q];
}

/** POST of a question too large for an address. @throws ApiError */
export async function askWithBody<Q extends Question>(
  route: Q,
  body: unknown,
  signal?: AbortSignal,
): Promise<Answers[Q]> {
  const response = await send(addressOf(route), { ...withBody('POST', body), ...(signal ? { signal } : {}) });
  return (await response.json()) as Answers[Q];
}

/** A change: acknowledge, silence. @throws ApiError */
export async function change(
  method: 'POST' | 'DELETE',
  route: string,
  path: Parameters,
  body?: unknown,
): Promise<void> {
  await send(addressOf(route, path), body === undefined ? { method } : withBody(method, body));
}

/** A change that is answered with how it went. @throws ApiError */
export async function changed<Outcome>(
  method: 'POST',
  route: string,
  path: Parameters,
  body: unknown = {},
): Promise<Outcome> {
  return (await (await send(addressOf(route, path), withBody(method, body))).json()) as Outcome;
}

function withBody(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function send(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The collector does not answer. Is it running?', {
      code: 'unreachable',
      status: 0,
      retryable: true,
      cause,
    });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}
