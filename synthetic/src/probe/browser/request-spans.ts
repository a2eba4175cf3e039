import { type Span, SpanKind } from '@opentelemetry/api';
import type { BrowserContext, Request } from 'playwright';
import type { ProbeContext } from '../probe.js';
import { failSpan } from '../run-trace.js';

/** More requests than this in one run are made, but get no span of their own. */
const SPAN_LIMIT = 500;

/** Lets requests to the site's own origins join the run's trace; all others go out as the page made them. */
export async function traceRequests(
  browser: BrowserContext,
  firstParty: ReadonlySet<string>,
  run: ProbeContext,
  currentSpan: () => Span,
): Promise<{ endAll(): void }> {
  const open = new Map<Request, Span>();
  let begun = 0;
  await browser.route(
    (url) => firstParty.has(url.origin),
    async (route, request) => {
      const parent = currentSpan();
      let span = parent;
      if (begun < SPAN_LIMIT) {
        begun += 1;
        span = run.trace.child(request.method(), parent, requestAttributes(request, run), SpanKind.CLIENT);
        open.set(request, span);
      }
      // The page may be gone by now; then there is nothing left to send.
      await route.continue({ headers: { ...request.headers(), ...run.trace.headers(span) } }).catch(() => undefined);
    },
  );
  const end = (request: Request, finish: (span: Span) => void) => {
    // A redirected request has a request of its own for each hop, and only the first was routed.
    const first = firstHop(request);
    const span = open.get(first);
    if (!span) return;
    open.delete(first);
    finish(span);
  };
  browser.on('response', (response) => {
    const status = response.status();
    if (status >= 300 && status < 400) return;
    end(response.request(), (span) => {
      span.setAttribute('http.response.status_code', status);
      if (status >= 400) failSpan(span, `status ${status}`, String(status));
      else span.end();
    });
  });
  browser.on('requestfailed', (request) => {
    end(request, (span) => failSpan(span, request.failure()?.errorText ?? 'failed', 'request_failed'));
  });
  return {
    endAll() {
      for (const span of open.values()) failSpan(span, 'never answered', 'no_answer');
      open.clear();
    },
  };
}

function firstHop(request: Request): Request {
  const from = request.redirectedFrom();
  return from ? firstHop(from) : request;
}

function requestAttributes(request: Request, run: ProbeContext): Record<string, string | number> {
  const url = new URL(request.url());
  return {
    'http.request.method': request.method(),
    'url.full': run.mask(request.url()).slice(0, 2048),
    'server.address': url.hostname,
    'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    'browser.resource_type': request.resourceType(),
  };
}
