import type { ColumnName } from './ast.js';

/** What a filter is asked about. `traces` are spans plus the fields of the trace they belong to. */
export type FilterSignal = 'spans' | 'traces' | 'logs' | 'sagas' | 'metrics';

export type ColumnType = 'string' | 'hex' | 'words' | 'number' | 'duration' | 'boolean' | readonly string[];

interface Column {
  type: ColumnType;
  signals: readonly FilterSignal[];
  /** Other spellings, in lower case; OTel's own name where it has one. */
  aliases: readonly string[];
}

export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const;
export const SAGA_STATES = [
  'running',
  'awaiting_person',
  'completed',
  'compensating',
  'compensated',
  'partially_compensated',
  'failed',
] as const;
/** In order: `severity>=warn` is warn, error and fatal. `unspecified` stands below all. */
export const SEVERITIES = ['unspecified', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Words that senders and people use for severities. */
export const SEVERITY_SYNONYMS: Readonly<Record<string, (typeof SEVERITIES)[number]>> = {
  verbose: 'trace',
  information: 'info',
  notice: 'info',
  warning: 'warn',
  err: 'error',
  critical: 'fatal',
  crit: 'fatal',
  emergency: 'fatal',
};

const every = ['spans', 'traces', 'logs', 'sagas', 'metrics'] as const;
const spans = ['spans', 'traces'] as const;
const items = ['spans', 'traces', 'logs'] as const;

/** Every column of the language. A signal that has not got a column is not listed with it. */
export const COLUMNS: Readonly<Record<ColumnName, Column>> = {
  service: { type: 'string', signals: every, aliases: ['service.name'] },
  environment: {
    type: 'string',
    signals: every,
    aliases: ['env', 'deployment.environment.name', 'deployment.environment'],
  },
  name: { type: 'string', signals: spans, aliases: ['span.name', 'operation'] },
  kind: { type: SPAN_KINDS, signals: spans, aliases: ['span.kind'] },
  status: { type: SPAN_STATUSES, signals: spans, aliases: ['status.code', 'span.status'] },
  duration: { type: 'duration', signals: ['spans', 'traces', 'sagas'], aliases: ['span.duration'] },
  trace_id: { type: 'hex', signals: items, aliases: ['trace.id', 'traceid'] },
  span_id: { type: 'hex', signals: items, aliases: ['span.id', 'spanid'] },
  correlation_id: { type: 'string', signals: [...items, 'sagas'], aliases: ['correlation.id', 'correlationid'] },
  saga_id: { type: 'string', signals: [...items, 'sagas'], aliases: ['saga.id', 'sagaid'] },
  severity: { type: SEVERITIES, signals: ['logs'], aliases: ['level', 'severity_text'] },
  body: { type: 'words', signals: ['logs'], aliases: ['message', 'msg'] },
  event_name: { type: 'string', signals: ['logs'], aliases: ['event.name'] },
  'trace.duration': { type: 'duration', signals: ['traces'], aliases: [] },
  'trace.spans': { type: 'number', signals: ['traces'], aliases: [] },
  'trace.errors': { type: 'number', signals: ['traces'], aliases: [] },
  'root.service': { type: 'string', signals: ['traces'], aliases: [] },
  'root.name': { type: 'string', signals: ['traces'], aliases: [] },
  'saga.name': { type: 'string', signals: ['sagas'], aliases: ['name'] },
  'saga.state': { type: SAGA_STATES, signals: ['sagas'], aliases: ['state'] },
  'saga.stuck': { type: 'boolean', signals: ['sagas'], aliases: ['stuck'] },
};

/**
 * Columns that mean nothing elsewhere: using one on another signal is a mistake. The other columns' names are ordinary
 * words (`status`, `duration`), so where a signal has no such column they name the sender's own attribute.
 */
export const MISPLACED: Partial<Record<ColumnName, string>> = {
  severity: 'Only logs have a severity; on spans ask for status:error.',
  body: 'Only logs have a body; on spans ask for name.',
  'trace.duration': 'This asks about a whole trace: use it in the list of traces.',
  'trace.spans': 'This asks about a whole trace: use it in the list of traces.',
  'trace.errors': 'This asks about a whole trace: use it in the list of traces.',
  'root.service': 'This asks about a whole trace: use it in the list of traces.',
  'root.name': 'This asks about a whole trace: use it in the list of traces.',
  'saga.state': 'This asks about a whole saga: use it on sagas.',
  'saga.stuck': 'This asks about a whole saga: use it on sagas.',
};
