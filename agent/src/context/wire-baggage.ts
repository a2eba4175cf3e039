import type { Baggage, BaggageEntry, BaggageEntryMetadata } from '@opentelemetry/api';

/** W3C Baggage, section 3.3.2: what a platform must at least pass on; we pass on no more. */
const MAX_BYTES = 8192;
const MAX_MEMBERS = 64;
/** RFC 7230, 3.2.6. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** `baggageEntryMetadataSymbol` of the API is private to it; its text form is enough to pass metadata on. */
const METADATA_TYPE = Symbol('BaggageEntryMetadata');

/**
 * Baggage that remembers the header it came from, so that what nobody changed is passed on byte for byte, and that is
 * parsed only when somebody reads it.
 */
export class WireBaggage implements Baggage {
  private entries: Map<string, BaggageEntry> | undefined;

  private constructor(
    readonly header: string | undefined,
    entries?: Map<string, BaggageEntry>,
  ) {
    this.entries = entries;
  }

  /** Takes a `baggage` header. Above the limits of W3C whole members are left out from the end. */
  static fromHeader(header: string): WireBaggage | undefined {
    const kept = withinLimits(header);
    return kept === '' ? undefined : new WireBaggage(kept);
  }

  static empty(): WireBaggage {
    return new WireBaggage(undefined, new Map());
  }

  getEntry(key: string): BaggageEntry | undefined {
    return this.parsed().get(key);
  }

  getAllEntries(): [string, BaggageEntry][] {
    return [...this.parsed()];
  }

  setEntry(key: string, entry: BaggageEntry): Baggage {
    return new WireBaggage(undefined, new Map(this.parsed()).set(key, entry));
  }

  removeEntry(key: string): Baggage {
    return this.removeEntries(key);
  }

  removeEntries(...keys: string[]): Baggage {
    const entries = new Map(this.parsed());
    for (const key of keys) entries.delete(key);
    return new WireBaggage(undefined, entries);
  }

  clear(): Baggage {
    return WireBaggage.empty();
  }

  private parsed(): Map<string, BaggageEntry> {
    this.entries ??= parseMembers(this.header ?? '');
    return this.entries;
  }
}

/** The `baggage` header for any API baggage, ours or another's. Empty when there is nothing to say. */
export function baggageHeader(baggage: Baggage): string {
  if (baggage instanceof WireBaggage && baggage.header !== undefined) return baggage.header;
  const members = baggage.getAllEntries().map(([key, entry]) => {
    const metadata = entry.metadata?.toString() ?? '';
    return `${TOKEN.test(key) ? key : encodeURIComponent(key)}=${encodeURIComponent(entry.value)}${metadata === '' ? '' : `;${metadata}`}`;
  });
  return withinLimits(members.join(','));
}

/** Appends a member of ours unless the limits would be broken, which never costs a member of somebody else. */
export function appendMember(header: string, key: string, value: string): string {
  const member = `${key}=${value}`;
  const longer = header === '' ? member : `${header},${member}`;
  return withinLimits(longer) === longer ? longer : header;
}

function withinLimits(header: string): string {
  if (header.length <= MAX_BYTES && countMembers(header) <= MAX_MEMBERS) return header;
  const members = header.slice(0, MAX_BYTES + 1).split(',');
  if (header.length > MAX_BYTES) members.pop();
  return members.slice(0, MAX_MEMBERS).join(',');
}

function countMembers(header: string): number {
  let members = 1;
  for (let comma = header.indexOf(','); comma !== -1; comma = header.indexOf(',', comma + 1)) members++;
  return members;
}

function parseMembers(header: string): Map<string, BaggageEntry> {
  const entries = new Map<string, BaggageEntry>();
  for (const member of header.split(',')) {
    const [pair = '', ...properties] = member.split(';');
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    // A key is a token and means what it says; only values are percent-encoded.
    const key = pair.slice(0, equals).trim();
    const value = percentDecoded(pair.slice(equals + 1).trim());
    const metadata = properties.join(';').trim();
    entries.set(key, metadata === '' ? { value } : { value, metadata: metadataOf(metadata) });
  }
  return entries;
}

function metadataOf(text: string): BaggageEntryMetadata {
  return { __TYPE__: METADATA_TYPE, toString: () => text } as unknown as BaggageEntryMetadata;
}

/** Octets that are no UTF-8 become U+FFFD, as the specification demands; a `%` that encodes nothing stays. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
