import type { BrowserContext } from 'playwright';
import type { SecretMask } from '../../check/secret-mask.js';

const LIMIT = 20;

/** What went wrong in the pages of a run besides what the journey looked at. */
export interface PageTrouble {
  readonly consoleErrors: readonly string[];
  readonly failedRequests: readonly string[];
}

/** Listens for errors on the console, uncaught exceptions, requests that failed and answers of 500 and above. */
export function watchTrouble(browser: BrowserContext, mask: SecretMask): PageTrouble {
  const consoleErrors: string[] = [];
  const failedRequests: string[] = [];
  const add = (list: string[], text: string) => {
    if (list.length < LIMIT) list.push(mask(text).slice(0, 512));
  };
  browser.on('console', (message) => {
    if (message.type() === 'error') add(consoleErrors, message.text());
  });
  browser.on('weberror', (error) => add(consoleErrors, `uncaught: ${error.error().message}`));
  browser.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed';
    // Aborted by the page itself or by its closing: nobody's fault.
    if (reason !== 'net::ERR_ABORTED') add(failedRequests, `${request.method()} ${request.url()}: ${reason}`);
  });
  browser.on('response', (response) => {
    if (response.status() >= 500) {
      add(failedRequests, `${response.request().method()} ${response.url()}: ${response.status()}`);
    }
  });
  return { consoleErrors, failedRequests };
}
