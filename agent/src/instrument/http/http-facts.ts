const KNOWN_METHODS = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'QUERY',
]);
/**
 * Parameters whose value is a secret: those that the semantic conventions name (`url.query`), whatever has such a word in its
 * name (`X-Amz-Security-Token`, `client_secret`, `session_id`), and codes of OAuth. The length of a name is bounded, so that
 * nobody can make the search long.
 */
const SECRET_PARAMETER =
  /([?&](?:[^&#=]{0,40}(?:token|secret|passw|pwd|signature|credential|api[-_]?key|accesskey|auth|session|jwt)[^&#=]{0,40}|sig|sid|code|otp|pin)=)[^&#]*/gi;
const REMEMBERED = 256;

/** `http.request.method`: what is not a known method is `_OTHER`, so that nobody can make names up. */
export function knownMethod(method: string | undefined): string {
  return method !== undefined && KNOWN_METHODS.has(method) ? method : '_OTHER';
}

/** Semantic conventions "HTTP span name": method and route; `HTTP` stands for an unknown method. */
export function spanName(method: string, route: string | undefined): string {
  const verb = method === '_OTHER' ? 'HTTP' : method;
  return route === undefined ? verb : `${verb} ${route}`;
}

/** A query or URL with the values of secret parameters replaced. */
export function withoutSecrets(text: string): string {
  return text.includes('=') ? text.replace(SECRET_PARAMETER, '$1REDACTED') : text;
}

export interface HostAndPort {
  readonly address: string;
  readonly port: number | undefined;
}

const parsedHosts = new Map<string, HostAndPort>();

/** A `Host` header in its parts. */
export function hostAndPort(host: string): HostAndPort {
  const known = parsedHosts.get(host);
  if (known !== undefined) return known;
  if (parsedHosts.size >= REMEMBERED) parsedHosts.clear();
  const [, address = host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  const parts = { address: address.replace(/^\[|\]$/g, ''), port: port === undefined ? undefined : Number(port) };
  parsedHosts.set(host, parts);
  return parts;
}

/**
 * `error.type` of a failed call: the system's code where there is one (`ECONNREFUSED`, `ECONNRESET`, `UND_ERR_…`), because
 * from it follows what kind of failure it was; `timeout` when a time limit ended it; else the class.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  try {
    return typeOf(error);
  } catch {
    // A getter of it threw.
    return 'Error';
  }
}

function typeOf(error: object): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: { name?: unknown; code?: unknown } };
  if (name === 'TimeoutError' || cause?.name === 'TimeoutError') return 'timeout';
  if (typeof code === 'string' && code !== '') return code;
  if (typeof cause?.code === 'string' && cause.code !== '') return cause.code;
  return typeof name === 'string' && name !== '' ? name : 'Error';
}
