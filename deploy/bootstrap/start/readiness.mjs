import { setTimeout as delay } from 'node:timers/promises';
import { CannotError } from '../cannot.mjs';

/**
 * Resolves once the collector says that everything works.
 * @param {string} url of the dashboard
 * @param {{ gaveUp: Promise<unknown>, lastWords: () => string }} collector
 * @param {number} withinMs
 * @throws {CannotError} with what does not work
 */
export async function waitUntilReady(url, collector, withinMs) {
  const end = new AbortController();
  void collector.gaveUp.then(() => end.abort());
  const deadline = Date.now() + withinMs;
  let answer = '';
  while (!end.signal.aborted && Date.now() < deadline) {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      answer = await response.text();
      if (response.ok) return;
    } catch {
      // Nobody listens yet.
    }
    await delay(100);
  }
  const said = answer ? `it says ${answer}` : `its last words were:\n${collector.lastWords()}`;
  throw new CannotError(`The collector did not become ready; ${said}`);
}
