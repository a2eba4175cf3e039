import type { Scenario } from '../scenario.js';

const INFO = 9;
const ERROR = 17;

/** Each logger says one thing, and one error. `structured` loggers carry the ids in their lines. */
export function logger(app: string, structured: boolean, attributes: Record<string, string | number>): Scenario {
  const line = structured ? 'with ids' : 'as it is';
  return {
    app,
    exchanges: [
      {
        path: '/',
        status: 200,
        span: { name: 'GET', kind: 'server' },
        logs: [
          { body: 'said at info', at: 'GET', severity: INFO, line, attributes },
          { body: 'said at error', at: 'GET', severity: ERROR, ...(structured ? { line } : {}) },
        ],
      },
    ],
    also: ({ logs }) => {
      const errors = logs.filter(({ attributes: found }) => found['exception.type'] !== undefined);
      return errors.length === 1 && String(errors[0]?.attributes['exception.stacktrace']).includes('RangeError')
        ? undefined
        : `${errors.length} records with exception.* instead of one`;
    },
  };
}
