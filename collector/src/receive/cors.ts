import type { IncomingMessage } from 'node:http';

/**
 * Headers for a page of a configured origin, else null: without configuration browsers keep pages from sending.
 * `*` allows every origin, never credentials.
 */
export function corsHeaders(request: IncomingMessage, origins: readonly string[]): Record<string, string> | null {
  const origin = request.headers.origin;
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return null;
  const headers: Record<string, string> = { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
  if (request.method === 'OPTIONS') {
    headers['Access-Control-Allow-Methods'] = 'POST';
    headers['Access-Control-Allow-Headers'] = request.headers['access-control-request-headers'] ?? 'content-type';
    headers['Access-Control-Max-Age'] = '7200';
  }
  return headers;
}
