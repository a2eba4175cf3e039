import type { LogList, LogRow } from '@orrery/collector/api';
import type { UseQueryResult } from '@tanstack/react-query';

/** The log lines of a trace, and whether these are all there are. */
export interface TraceLines {
  rows: readonly LogRow[];
  /** `cut`: there are more than one answer holds. `unread`: they could not be asked for. */
  state: 'all' | 'cut' | 'unread';
}

const NONE: readonly LogRow[] = [];

export function traceLines({ data, isError }: UseQueryResult<LogList, Error>): TraceLines {
  if (data === undefined) return { rows: NONE, state: isError ? 'unread' : 'all' };
  return { rows: data.logs, state: data.truncated ? 'cut' : 'all' };
}
