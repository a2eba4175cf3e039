import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The host name of a `Host` header or an origin, without port and brackets; null when it is malformed. */
function hostName(authority: string): string | null {
  try {
    return new URL(`http://${authority}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return null;
  }
}

export function isLoopbackName(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  );
}

/**
 * Whoever reaches a loopback port may be a web page the user has open. Two checks keep pages of other sites out:
 * the `Host` must be one of ours (a rebound DNS name is not), and a write must not come from another origin.
 * Beyond loopback any host name may be right, so only the names in `allowedHosts`, when given, are asked for.
 */
export function guardLocal(
  app: FastifyInstance,
  options: { loopback: boolean; allowedHosts: readonly string[] },
): void {
  const allowed = new Set(options.allowedHosts.map((name) => name.toLowerCase()));
  const servedUnder = (name: string): boolean =>
    allowed.has(name) || (options.loopback ? isLoopbackName(name) : allowed.size === 0);

  app.addHook('onRequest', async (request) => {
    const host = hostName(request.headers.host ?? '');
    if (host === null || !servedUnder(host))
      throw new ApiError(
        'host_not_allowed',
        `Ask for it as localhost, or add the name to api.allowed_hosts in orrery.yaml.`,
      );
    if (SAFE_METHODS.has(request.method)) return;
    const { origin } = request.headers;
    if (request.headers['sec-fetch-site'] === 'cross-site')
      throw new ApiError('origin_not_allowed', 'The page that asked belongs to another site.');
    if (origin === undefined) return;
    const from = hostName(origin.replace(/^https?:\/\//, ''));
    if (
      origin === 'null' ||
      from === null ||
      !(from === host || (servedUnder(from) && allowed.size + Number(options.loopback) > 0))
    )
      throw new ApiError('origin_not_allowed', 'The page that asked belongs to another site.');
  });
}
