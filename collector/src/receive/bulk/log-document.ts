import { Name } from '../../telemetry/vocabulary.js';

/** A document of a log shipper in OTLP's terms. */
export interface LogDocument {
  /** Attributes of the resource: who wrote the line. */
  resource: [key: string, value: unknown][];
  /** 0 when the document says nothing. */
  timeNano: bigint;
  severityNumber: number;
  severityText: string;
  body: unknown;
  /** Hex; empty when there is none. */
  traceId: string;
  spanId: string;
  attributes: [key: string, value: unknown][];
}

/** Where the field of a pino (or ECS) document goes in the resource. */
const RESOURCE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['hostname', Name.hostName],
  ['host.name', Name.hostName],
  ['pid', 'process.pid'],
  ['process.pid', 'process.pid'],
  [Name.serviceName, Name.serviceName],
  [Name.serviceVersion, Name.serviceVersion],
  [Name.serviceNamespace, Name.serviceNamespace],
  [Name.serviceInstanceId, Name.serviceInstanceId],
  [Name.environment, Name.environment],
  ['service.environment', Name.environment],
]);

const ATTRIBUTE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['correlation_id', Name.correlationId],
  ['saga_id', Name.sagaId],
  ['saga_name', Name.sagaName],
]);

const ERROR_FIELDS: ReadonlyMap<string, string> = new Map([
  ['type', 'exception.type'],
  ['message', 'exception.message'],
  ['stack', 'exception.stacktrace'],
  ['stack_trace', 'exception.stacktrace'],
]);

/** Objects whose members are fields of their own in ECS: `{"trace":{"id":…}}` is `trace.id`. */
const ECS_GROUPS = new Set(['trace', 'span', 'log', 'service', 'host', 'process']);

/**
 * Maps a document as pino and the ECS formatters write it.
 * @throws Error with a message for the sender when its time can not be read.
 */
export function toLogDocument(document: Record<string, unknown>): LogDocument {
  const log: LogDocument = {
    resource: [],
    timeNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null,
    traceId: '',
    spanId: '',
    attributes: [],
  };
  let loggerName = '';
  for (const [key, value] of flattened(document)) {
    switch (key) {
      case 'time':
      case '@timestamp':
        log.timeNano = toNano(value);
        break;
      case 'level':
      case 'log.level':
        [log.severityNumber, log.severityText] = severity(value);
        break;
      case 'msg':
      case 'message':
        log.body = value;
        break;
      case 'trace_id':
      case 'trace.id':
        log.traceId = hexId(value, 32);
        break;
      case 'span_id':
      case 'span.id':
        log.spanId = hexId(value, 16);
        break;
      case 'name':
        loggerName = typeof value === 'string' ? value : '';
        log.attributes.push([key, value]);
        break;
      case 'err':
      case 'error':
        log.attributes.push(...errorAttributes(key, value));
        break;
      default: {
        const resourceKey = RESOURCE_FIELDS.get(key);
        if (resourceKey !== undefined) log.resource.push([resourceKey, value]);
        else log.attributes.push([ATTRIBUTE_FIELDS.get(key) ?? key, value]);
      }
    }
  }
  if (!log.resource.some(([key]) => key === Name.serviceName)) {
    log.resource.push([Name.serviceName, loggerName || 'unknown_service']);
  }
  return log;
}

function* flattened(document: Record<string, unknown>): Generator<[string, unknown], void, void> {
  for (const [key, value] of Object.entries(document)) {
    if (ECS_GROUPS.has(key) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, innerValue] of Object.entries(value)) yield [`${key}.${inner}`, innerValue];
    } else yield [key, value];
  }
}

function errorAttributes(key: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value]];
  return Object.entries(value).map(([inner, innerValue]) => [ERROR_FIELDS.get(inner) ?? `${key}.${inner}`, innerValue]);
}

/** Lower bounds of pino's levels and what OTLP calls them. */
const PINO_LEVELS: readonly [from: number, severity: number, text: string][] = [
  [60, 21, 'FATAL'],
  [50, 17, 'ERROR'],
  [40, 13, 'WARN'],
  [30, 9, 'INFO'],
  [20, 5, 'DEBUG'],
  [Number.NEGATIVE_INFINITY, 1, 'TRACE'],
];

const LEVEL_NAMES: ReadonlyMap<string, number> = new Map([
  ['trace', 1],
  ['debug', 5],
  ['info', 9],
  ['notice', 10],
  ['warn', 13],
  ['warning', 13],
  ['error', 17],
  ['critical', 21],
  ['fatal', 21],
]);

function severity(level: unknown): [severity: number, text: string] {
  if (typeof level === 'string') return [LEVEL_NAMES.get(level.toLowerCase()) ?? 0, level];
  if (typeof level !== 'number') return [0, ''];
  const [, number, text] = PINO_LEVELS.find(([from]) => level >= from)!;
  return [number, text];
}

function hexId(value: unknown, length: number): string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/i.test(value) ? value : '';
}

/** Milliseconds as a number, or an ISO 8601 text with up to nine digits of a second. */
function toNano(value: unknown): bigint {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) {
    return BigInt(Math.floor(value)) * 1_000_000n + BigInt(Math.round((value % 1) * 1_000_000));
  }
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms) || ms < 0) throw new Error(`failed to parse date field [${String(value).slice(0, 64)}]`);
  const fraction = /\.(\d{1,9})/.exec(value as string)?.[1] ?? '';
  return BigInt(Math.floor(ms / 1000)) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}
