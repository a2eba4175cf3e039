import type { Meter, Observer } from '../../record/meter.js';
import type { Scope } from '../../record/scope.js';

/** What tells one series of request durations from another. Empty text and 0 stand for "not there". */
export interface RequestKind {
  readonly method: string;
  readonly scheme: string;
  readonly route: string;
  readonly status: number;
  readonly errorType: string;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly synthetic: boolean;
}

/** Series kept at hand; beyond, the meter's own look-up (and its bound) serve. */
const REMEMBERED = 4096;
/** Kinds that are looked through before a text is made of one to look it up by. */
const RECENT = 8;

/** `http.server.request.duration` or `http.client.request.duration`: one look-up by text per request, then a number. */
export function requestDurations(
  meter: Meter,
  scope: Scope,
  side: 'server' | 'client',
): (kind: RequestKind, seconds: number) => void {
  const histogram = meter.histogram(scope, `http.${side}.request.duration`, {
    unit: 's',
    description: `Duration of HTTP ${side} requests.`,
  });
  const remembered = new Map<string, Observer>();
  const recent: { kind: RequestKind; series: Observer }[] = [];
  let oldest = 0;
  return (kind, seconds) => {
    for (const known of recent) {
      if (isSame(known.kind, kind)) {
        known.series.record(seconds);
        return;
      }
    }
    const { method, scheme, route, status, errorType, serverAddress, serverPort, synthetic } = kind;
    const key = `${method} ${status} ${scheme} ${serverPort} ${synthetic} ${serverAddress} ${errorType} ${route}`;
    let series = remembered.get(key);
    if (series === undefined) {
      if (remembered.size >= REMEMBERED) remembered.clear();
      series = histogram.series({
        'http.request.method': method,
        'url.scheme': scheme,
        ...(route === '' ? {} : { 'http.route': route }),
        ...(status === 0 ? {} : { 'http.response.status_code': status }),
        ...(errorType === '' ? {} : { 'error.type': errorType }),
        ...(serverAddress === '' ? {} : { 'server.address': serverAddress }),
        ...(serverPort === 0 ? {} : { 'server.port': serverPort }),
        ...(synthetic ? { synthetic: true } : {}),
      });
      remembered.set(key, series);
    }
    recent[oldest] = { kind, series };
    oldest = (oldest + 1) % RECENT;
    series.record(seconds);
  };
}

function isSame(left: RequestKind, right: RequestKind): boolean {
  return (
    left.route === right.route &&
    left.status === right.status &&
    left.method === right.method &&
    left.scheme === right.scheme &&
    left.serverPort === right.serverPort &&
    left.serverAddress === right.serverAddress &&
    left.errorType === right.errorType &&
    left.synthetic === right.synthetic
  );
}
