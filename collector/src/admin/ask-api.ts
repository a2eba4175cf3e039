import { API_BASE, type Problem } from '../api/contract/index.js';

/** The collector does not answer, or not as it should; the message is a sentence for a person. */
export class AdminFailure extends Error {
  readonly code = 'admin_failed';
  readonly retryable = false;
}

export type AskApi = <Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Answer>;

/** Asks the running collector's API. @throws AdminFailure. */
export function askApi(ui: string): AskApi {
  return async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${ui}${API_BASE}${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    }).catch((cause: unknown) => {
      throw new AdminFailure(
        `No collector answers at ${ui}: start it, or say where it is with --host and --ui-port (or --config).`,
        { cause },
      );
    });
    const text = await response.text();
    if (response.status === 204) return null as Answer;
    const answer = parsed(text);
    if (response.ok && answer !== undefined) return answer as Answer;
    const problem = answer as Partial<Problem> | null | undefined;
    throw new AdminFailure(
      problem?.detail ??
        problem?.title ??
        `What answers at ${ui} is not a collector's API: say where that is with --host and --ui-port (or --config).`,
    );
  };
}

/** Undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
