import { performance } from 'node:perf_hooks';
import type { AttributeValue, Span } from '@opentelemetry/api';
import { RecordedSpan } from '../../record/recorded-span.js';
import { SharedAttributes } from '../../record/shared-attributes.js';
import { DEADLINE_REMAINING, remainingOf } from '../deadline.js';
import { hostAndPort, withoutSecrets } from './http-facts.js';
import type { ServerRequest } from './server-request.js';

/** Kinds of requests whose attributes are kept: callers are few, or differ in everything. */
const RECENT = 8;
/** So many attributes may come from here; a limit below is kept by adding them one by one. */
const MOST_ATTRIBUTES = 32;

/** What requests have in common that differ in their path alone. */
interface Kind {
  readonly method: string;
  readonly route: string | undefined;
  readonly status: number;
  readonly scheme: string;
  readonly httpVersion: string;
  readonly peerAddress: string;
  readonly clientAddress: string;
  readonly userAgent: string | undefined;
  readonly host: string | undefined;
}

/** Makes the function that puts the attributes of a request on its span, right before that ends. */
export function serverAttributes(): (
  state: ServerRequest,
  route: string | undefined,
  method: string,
  status: number,
) => void {
  const recent: { readonly kind: Kind; readonly attributes: SharedAttributes }[] = [];
  let oldest = 0;

  const attributesOf = (kind: Kind): SharedAttributes => {
    for (const known of recent) if (isSame(known.kind, kind)) return known.attributes;
    const attributes = new SharedAttributes(pairsOf(kind));
    recent[oldest] = { kind, attributes };
    oldest = (oldest + 1) % RECENT;
    return attributes;
  };

  return (state, route, method, status) => {
    const { span, headers, target, scheme, httpVersion, peerAddress } = state;
    const { userAgent, host } = headers;
    const clientAddress = clientAddressOf(state);
    share(
      span,
      attributesOf({ method, route, status, scheme, httpVersion, peerAddress, clientAddress, userAgent, host }),
    );
    const question = target.indexOf('?');
    span.setAttribute('url.path', question === -1 ? target : target.slice(0, question));
    if (question !== -1) span.setAttribute('url.query', withoutSecrets(target.slice(question)).slice(1));
    if (method === '_OTHER') span.setAttribute('http.request.method_original', state.method ?? '');
    if (headers.deadline !== undefined) {
      const remaining = remainingOf(headers.deadline, performance.timeOrigin + state.startMs);
      if (remaining !== undefined) span.setAttribute(DEADLINE_REMAINING, remaining);
    }
  };
}

/** What the application said itself may be in these, too; then they are put over it one by one. */
function share(span: Span, attributes: SharedAttributes): void {
  if (span instanceof RecordedSpan && span.attributes.length === 0 && span.birth.limits.attributes >= MOST_ATTRIBUTES) {
    span.shared = attributes;
    return;
  }
  const { pairs } = attributes;
  for (let at = 0; at < pairs.length; at += 2) span.setAttribute(pairs[at] as string, pairs[at + 1] as AttributeValue);
}

function pairsOf(kind: Kind): unknown[] {
  const pairs: unknown[] = [
    'http.request.method',
    kind.method,
    'url.scheme',
    kind.scheme,
    'network.protocol.version',
    kind.httpVersion,
    'network.peer.address',
    kind.peerAddress,
    'client.address',
    kind.clientAddress,
  ];
  if (kind.route !== undefined) pairs.push('http.route', kind.route);
  if (kind.status !== 0) pairs.push('http.response.status_code', kind.status);
  if (kind.userAgent !== undefined) pairs.push('user_agent.original', kind.userAgent);
  if (kind.host !== undefined) {
    const { address, port } = hostAndPort(kind.host);
    pairs.push('server.address', address);
    if (port !== undefined) pairs.push('server.port', port);
  }
  return pairs;
}

/** What differs most comes first. */
function isSame(left: Kind, right: Kind): boolean {
  return (
    left.route === right.route &&
    left.status === right.status &&
    left.peerAddress === right.peerAddress &&
    left.userAgent === right.userAgent &&
    left.method === right.method &&
    left.host === right.host &&
    left.clientAddress === right.clientAddress &&
    left.scheme === right.scheme &&
    left.httpVersion === right.httpVersion
  );
}

/** The first hop of `x-forwarded-for`, when it comes from a proxy of ours, else the peer. */
function clientAddressOf(state: ServerRequest): string {
  const forwarded = state.peerIsTrusted ? state.headers.forwardedFor?.split(',')[0]?.trim() : undefined;
  return forwarded || state.peerAddress;
}
