import { attributeText, textAt } from '../decode/text.js';
import { AttributeType } from '../telemetry/attribute-columns.js';
import type { SpanColumns } from '../telemetry/span-columns.js';
import { Name, TRACESTATE_MEMBER } from '../telemetry/vocabulary.js';
import { KnownKeys } from './known-keys.js';
import type { TextIds } from './text-ids.js';

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

type Key = keyof typeof KEYS;

/** What {@link SpanReader} is asked for: numbers, because it is asked several times per span. */
export const SpanKey = Object.fromEntries(Object.keys(KEYS).map((key, index) => [key, index])) as Record<Key, SpanKey>;
export type SpanKey = number & { readonly __unit: 'span-key' };

const known = new KnownKeys<Key>(KEYS);
const NOWHERE = new Int32Array(Object.keys(KEYS).length).fill(-1);

/**
 * Reads one span after the other without an object per span: call {@link at}, then ask. One reader serves one request
 * at a time.
 */
export class SpanReader {
  readonly #columns: SpanColumns;
  /** Places of the keys among a span's attributes, by the number of their pattern. */
  readonly #places: (Int32Array | undefined)[] = [];
  #place: Int32Array = NOWHERE;
  #from = 0;

  constructor(columns: SpanColumns) {
    this.#columns = columns;
  }

  at(row: number): void {
    const { attribute, patterns } = this.#columns;
    const from = attribute.from[row] as number;
    const to = attribute.to[row] as number;
    const pattern = patterns.of(from, to);
    this.#from = from;
    this.#place = this.#places[pattern] ?? this.#locate(pattern, from, to);
  }

  has(key: SpanKey): boolean {
    return this.#place[key] !== -1;
  }

  text(key: SpanKey): string {
    const row = this.#rowOf(key);
    return row === -1 ? '' : attributeText(this.#columns, row);
  }

  /** What stands for the value: the same number only for the same value; -1 when it is missing. */
  id(key: SpanKey, texts: TextIds): number {
    const row = this.#rowOf(key);
    if (row === -1) return -1;
    const { attributes } = this.#columns;
    const type = attributes.type[row];
    if (type === AttributeType.int) {
      // Ports and the like are their own ids, far from those of texts.
      const value = attributes.number[row] as number;
      if (value >= 0 && value < 1 << 20) return -(1 << 30) - value;
    }
    if (type !== AttributeType.string) return texts.idOfMade(attributeText(this.#columns, row));
    return texts.idOf(attributes.valueOffset[row] as number, attributes.valueLength[row] as number);
  }

  /** NaN when it is missing or no number. */
  number(key: SpanKey): number {
    const row = this.#rowOf(key);
    return row === -1 ? Number.NaN : Number(attributeText(this.#columns, row));
  }

  /** `true`, or the text "true" as baggage carries it. */
  flag(key: SpanKey): boolean {
    const row = this.#rowOf(key);
    if (row === -1) return false;
    const { attributes } = this.#columns;
    return attributes.type[row] === AttributeType.boolean ? attributes.number[row] === 1 : this.text(key) === 'true';
  }

  /** Row of a key, -1 when the span has not got it. */
  #rowOf(key: SpanKey): number {
    const place = this.#place[key] as number;
    return place === -1 ? -1 : this.#from + place;
  }

  #locate(pattern: number, from: number, to: number): Int32Array {
    const { bytes, attributes } = this.#columns;
    known.locate(bytes, attributes, from, to);
    const places = known.rows.map((row) => (row === -1 ? -1 : row - from));
    this.#places[pattern] = places;
    return places;
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
