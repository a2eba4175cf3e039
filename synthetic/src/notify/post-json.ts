import { codeOf } from '../probe/http/failure-sentence.js';
import { NotifyError } from './notifier.js';

/** Posts JSON and wants a 2xx. Errors name the host alone: the rest of such an address is often a secret. */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const host = new URL(url).host;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'orrery-synthetic', ...headers },
      signal,
      redirect: 'error',
    });
    await response.arrayBuffer();
  } catch (error) {
    const why = signal.aborted ? 'did not answer in time' : codeOf(error) || 'cannot be reached';
    throw new NotifyError(`${host}: ${why}`, true);
  }
  if (response.ok) return;
  const retryable = response.status >= 500 || response.status === 429 || response.status === 408;
  throw new NotifyError(`${host} answered ${response.status}`, retryable);
}
