import { attributeText, textAt } from '../decode/text.js';
import { AttributeType } from '../telemetry/attribute-columns.js';
import type { SpanColumns } from '../telemetry/span-columns.js';
import { Name, TRACESTATE_MEMBER } from '../telemetry/vocabulary.js';
import { KnownKeys } from './known-keys.js';

/** Attributes of a span that some projection reads. */
const KEYS = {
  httpStatus: [Name.httpStatus, 'http.status_code'],
  httpMethod: [Name.httpMethod, 'http.method'],
  rpcSystem: Name.rpcSystem,
  serverAddress: [Name.serverAddress, 'net.peer.name', 'http.host'],
  serverPort: [Name.serverPort, 'net.peer.port'],
  peerService: Name.peerService,
  errorType: Name.errorType,
  dbSystem: [Name.dbSystem, Name.dbSystemOld],
  dbNamespace: [Name.dbNamespace, Name.dbNamespaceOld],
  messagingSystem: Name.messagingSystem,
  destination: [Name.messagingDestination, 'messaging.destination'],
  correlationId: Name.correlationId,
  synthetic: Name.synthetic,
  syntheticCheck: Name.syntheticCheck,
  sagaId: Name.sagaId,
  sagaStep: Name.sagaStep,
  breakerName: Name.breakerName,
} as const;

export type SpanKey = keyof typeof KEYS;

/**
 * Reads one span after the other without an object per span: call {@link at}, then ask. One reader serves one request
 * at a time.
 */
export class SpanReader {
  readonly #keys = new KnownKeys<SpanKey>(KEYS);
  #columns: SpanColumns;

  constructor(columns: SpanColumns) {
    this.#columns = columns;
  }

  at(row: number): void {
    const { attribute, attributes, bytes } = this.#columns;
    this.#keys.locate(bytes, attributes, attribute.from[row] as number, attribute.to[row] as number);
  }

  has(key: SpanKey): boolean {
    return this.#keys.row(key) !== -1;
  }

  text(key: SpanKey): string {
    const row = this.#keys.row(key);
    return row === -1 ? '' : attributeText(this.#columns, row);
  }

  /** NaN when it is missing or no number. */
  number(key: SpanKey): number {
    const row = this.#keys.row(key);
    return row === -1 ? Number.NaN : Number(attributeText(this.#columns, row));
  }

  /** `true`, or the text "true" as baggage carries it. */
  flag(key: SpanKey): boolean {
    const row = this.#keys.row(key);
    if (row === -1) return false;
    const { attributes } = this.#columns;
    return attributes.type[row] === AttributeType.boolean ? attributes.number[row] === 1 : this.text(key) === 'true';
  }
}

const CALLER = new RegExp(String.raw`(?:^|,)\s*${TRACESTATE_MEMBER}=svc:([^,]{1,256})`);

/** The service that called, from our member of `tracestate`; empty when the caller was not one of ours. */
export function callerOf({ bytes, traceState }: SpanColumns, row: number): string {
  const length = traceState.length[row] as number;
  if (length === 0) return '';
  const match = CALLER.exec(textAt(bytes, traceState.offset[row] as number, length));
  return decoded(match?.[1]?.trim() ?? '');
}

/** The agent percent-encodes what `tracestate` does not allow. What is no such encoding is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
