import { gunzipSync } from 'node:zlib';
import type { DeadLetter, DeadLetterDetail, ReplayOutcome } from '../../api/contract/index.js';
import { BodyEncoding, type LogRecord, Signal } from '../../log/log-record.js';
import { logsRequest, metricsRequest, tracesRequest } from '../../receive/json/otlp-schema.js';
import { type DeadLetters, ENDED_THE_PROCESS, type SetAside } from '../dead-letters.js';
import { groupOf, type LetterPlace } from './letter-desk.js';
import { otlpValue } from './otlp-text.js';

const ABOUT = { [Signal.traces]: 'traces', [Signal.logs]: 'logs', [Signal.metrics]: 'metrics' } as const;
const SCHEMAS = { [Signal.traces]: tracesRequest, [Signal.logs]: logsRequest, [Signal.metrics]: metricsRequest };
const PREFIX = 'r-';
/** Characters of a letter's content that are shown. */
const SHOWN = 200_000;
const SHOWN_BYTES = 4096;
const LARGEST_BODY = 256 << 20;

/** Whole requests that were set aside, kept as files. `replay` stores one, once, and says whether it could be read. */
export function recordLetters(
  letters: DeadLetters,
  replay: (record: LogRecord, signal: AbortSignal) => Promise<{ stored: boolean }>,
): LetterPlace {
  const positionOf = (id: string) => Number(id.slice(PREFIX.length));
  return {
    prefix: PREFIX,
    count: () => Promise.resolve(letters.count),
    groups: () => {
      const groups = new Map<string, number>();
      for (const { reason } of letters.all()) groups.set(groupOf(reason), (groups.get(groupOf(reason)) ?? 0) + 1);
      return Promise.resolve(groups);
    },
    page: ({ group, after, limit }) => {
      const behind = after === null ? Number.POSITIVE_INFINITY : Number(after);
      const rest = letters
        .all()
        .filter(({ position, reason }) => position < behind && (group === '' || groupOf(reason) === group));
      const page = rest.slice(0, limit);
      const next = rest.length > page.length ? String(page.at(-1)?.position ?? behind) : null;
      return Promise.resolve({ letters: page.map(letterOf), next });
    },
    async show(id) {
      const found = await letters.get(positionOf(id));
      if (!found) return null;
      const content = found.told.reason === ENDED_THE_PROCESS ? unread(found.record) : contentOf(found.record);
      return { letter: letterOf({ ...found.told, bytes: found.record.body.length }), ...content };
    },
    async replay(id, signal): Promise<ReplayOutcome | null> {
      const found = await letters.get(positionOf(id));
      if (!found) return null;
      const { stored } = await replay(found.record, signal);
      if (!stored) return { outcome: 'refused', sentence: `It still can not be read: ${found.told.reason}` };
      await letters.remove(found.told.position);
      return { outcome: 'stored', sentence: 'It is stored, in the slice of the time at which it was received.' };
    },
    drop: (id) => letters.remove(positionOf(id)),
  };
}

function letterOf(told: SetAside & { bytes: number }): DeadLetter {
  return {
    id: `${PREFIX}${told.position}`,
    kind: 'request',
    about: ABOUT[told.signal] ?? 'unknown',
    reason: told.reason,
    group: groupOf(told.reason),
    place: `position ${told.position} of the log`,
    bytes: told.bytes,
    received: told.received_nano,
    set_aside: told.set_aside_ms === undefined ? null : `${BigInt(told.set_aside_ms) * 1_000_000n}`,
    final: null,
  };
}

/** Whoever looks at such a letter must not end the process once more. */
function unread({ body, encoding }: LogRecord): Omit<DeadLetterDetail, 'letter'> {
  const packed = encoding === BodyEncoding.gzip ? ' They are packed with gzip.' : '';
  const says =
    `It is not read here, since that may end the store process again; its bytes are shown as they came.${packed} ` +
    'To store it after all is safe for everything else: if the process ends, it starts again without it.';
  return { content: hexOf(body), fault: { byte: 0, says, hex: hexAround(body, 0) } };
}

function contentOf(record: LogRecord): Omit<DeadLetterDetail, 'letter'> {
  let body: Uint8Array = record.body;
  try {
    if (record.encoding === BodyEncoding.gzip) body = gunzipSync(body, { maxOutputLength: LARGEST_BODY });
  } catch (error) {
    return { content: hexOf(body), fault: { byte: 0, says: (error as Error).message, hex: hexAround(body, 0) } };
  }
  const schema = SCHEMAS[record.signal];
  if (!schema) return { content: hexOf(body), fault: null };
  const { value, fault } = otlpValue(body, schema);
  const text = JSON.stringify(value, null, 2);
  const content =
    fault && Object.keys(value).length === 0
      ? hexOf(body)
      : { format: 'otlp' as const, text: text.slice(0, SHOWN), truncated: text.length > SHOWN };
  return {
    content,
    fault: fault && { byte: fault.position, says: fault.message, hex: hexAround(body, fault.position) },
  };
}

function hexOf(body: Uint8Array): DeadLetterDetail['content'] {
  return {
    format: 'hex',
    text: hexLines(body.subarray(0, SHOWN_BYTES), 0),
    truncated: body.length > SHOWN_BYTES,
  };
}

/** A few lines of bytes around a place. */
function hexAround(body: Uint8Array, at: number): string {
  const from = Math.max(0, Math.floor(at / 16) * 16 - 32);
  return hexLines(body.subarray(from, from + 80), from);
}

/** Sixteen bytes a line: offset, hex, and what of it is ASCII. */
function hexLines(bytes: Uint8Array, offset: number): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = Buffer.from(bytes.subarray(at, at + 16));
    const hex = (row.toString('hex').match(/../g) ?? []).join(' ').padEnd(47);
    const text = row.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
    lines.push(`${(offset + at).toString(16).padStart(8, '0')}  ${hex}  ${text}`);
  }
  return lines.join('\n');
}
