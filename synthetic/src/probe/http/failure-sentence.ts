import { durationText } from '../../check/duration.js';

/** Says in words why a request got no answer. */
export function failureSentence(error: unknown, url: string, timedOutAfter: number | undefined): string {
  const host = hostOf(url);
  if (timedOutAfter !== undefined) return `${host} did not answer within ${durationText(timedOutAfter)}.`;
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return `${host} refused the connection.`;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
    case 'EPIPE':
      return `${host} broke the connection off.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name of ${host} cannot be resolved.`;
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return `${host} did not accept a connection in time.`;
    case 'ERR_INVALID_URL':
      return `"${url}" is not an address.`;
    default:
      return `${host}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The code of an error or of what caused it; an aggregate counts as its first. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
