import { z } from 'zod';
import { Cursor, UnixNanoText } from './primitives.js';

/** Something that was acknowledged and can not be stored: a whole request, or one document that Elasticsearch refused. */
export const DeadLetter = z.object({
  id: z.string(),
  kind: z.enum(['request', 'document']),
  /** Of a request its signal, of a document the kind of its index. */
  about: z.string(),
  reason: z.string(),
  /** The reason without what differs from case to case: what letters are counted by. */
  group: z.string(),
  /** Where it stood in the log, or belongs in Elasticsearch. */
  place: z.string(),
  bytes: z.number(),
  /** When its sender sent it; null where that was not noted. */
  received: UnixNanoText.nullable(),
  set_aside: UnixNanoText.nullable(),
  /** Null when it may be replayed; else why it can not. */
  final: z.string().nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetterListQuery = z.object({
  /** Only of this `group`. */
  group: z.string().max(512).default(''),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Cursor.optional(),
});
export type DeadLetterListQuery = z.infer<typeof DeadLetterListQuery>;

/** Newest first. */
export const DeadLetterList = z.object({
  letters: z.array(DeadLetter),
  next_cursor: Cursor.nullable(),
  total: z.number().int(),
  groups: z.array(z.object({ group: z.string(), count: z.number().int() })),
  /** What requests take of the disk, how much they may, and how many of the oldest made room for newer ones. */
  bytes: z.number(),
  limit_bytes: z.number(),
  made_room: z.number().int(),
});
export type DeadLetterList = z.infer<typeof DeadLetterList>;

export const DeadLetterDetail = z.object({
  letter: DeadLetter,
  content: z.object({
    /** `otlp`: OTLP's JSON, as far as it could be read; `json`: a document; `hex`: bytes that are neither. */
    format: z.enum(['otlp', 'json', 'hex']),
    text: z.string(),
    truncated: z.boolean(),
  }),
  /** Where reading the request stops: the byte of the unpacked body and what stands there. Null when all of it is read. */
  fault: z.object({ byte: z.number().int(), says: z.string(), hex: z.string() }).nullable(),
});
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

/** `stored`: it is where it belongs, once, whether now or by an earlier replay. `refused`: it still can not be stored. */
export const ReplayOutcome = z.object({ outcome: z.enum(['stored', 'refused']), sentence: z.string() });
export type ReplayOutcome = z.infer<typeof ReplayOutcome>;

/** `POST /dead-letters/replay` and `/drop`: one page of all of them, or of a group; ask again with `next_cursor`. */
export const DeadLetterSweep = z.object({
  group: z.string().max(512).default(''),
  cursor: Cursor.nullable().default(null),
});
export type DeadLetterSweep = z.infer<typeof DeadLetterSweep>;

export const DeadLetterSwept = z.object({
  stored: z.number().int(),
  refused: z.number().int(),
  dropped: z.number().int(),
  next_cursor: Cursor.nullable(),
});
export type DeadLetterSwept = z.infer<typeof DeadLetterSwept>;
