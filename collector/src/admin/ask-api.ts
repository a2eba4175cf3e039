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
    if (response.ok) return (text === '' ? null : JSON.parse(text)) as Answer;
    const problem = JSON.parse(text) as Problem;
    throw new AdminFailure(problem.detail ?? problem.title);
  };
}
