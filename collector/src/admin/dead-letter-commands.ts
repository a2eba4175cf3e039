import type {
  DeadLetter,
  DeadLetterDetail,
  DeadLetterList,
  DeadLetterSwept,
  ReplayOutcome,
} from '../api/contract/index.js';
import type { AskApi } from './ask-api.js';

/** What a command prints, line by line, and the exit code it ends with: 1 when something it was to do was not done. */
export interface Told {
  lines: string[];
  exitCode: 0 | 1;
}

interface Asked {
  ask: AskApi;
  json: boolean;
}

const NONE = 'There are no dead letters.';
const ROUTE = '/dead-letters';
const one = (id: string) => `${ROUTE}/${encodeURIComponent(id)}`;
const told = (json: boolean, value: unknown, lines: string[], exitCode: Told['exitCode'] = 0): Told => ({
  lines: json ? [JSON.stringify(value)] : lines,
  exitCode,
});

/** All letters, newest first; with `json` one line each, so that other programs can read them as they come. */
export async function listDeadLetters({ ask, json }: Asked, options: { group: string; limit: number }): Promise<Told> {
  const letters: DeadLetter[] = [];
  let cursor: string | null = '';
  let list: DeadLetterList;
  do {
    const query = new URLSearchParams({ group: options.group, limit: String(Math.min(500, options.limit)) });
    if (cursor) query.set('cursor', cursor);
    list = await ask<DeadLetterList>('GET', `${ROUTE}?${query.toString()}`);
    letters.push(...list.letters);
    cursor = list.next_cursor;
  } while (cursor !== null && letters.length < options.limit);
  const shown = letters.slice(0, options.limit);
  if (json) return { lines: shown.map((letter) => JSON.stringify(letter)), exitCode: 0 };
  if (list.total === 0 && list.made_room === 0) return { lines: [NONE], exitCode: 0 };
  const lines = shown.map(({ id, about, bytes, set_aside, reason }) =>
    [id, about, `${bytes} B`, timeText(set_aside), reason].join('\t'),
  );
  lines.push(`${shown.length} of ${list.total}.`);
  if (list.made_room > 0)
    lines.push(`${list.made_room} older ones made room: requests may take ${list.limit_bytes} bytes here.`);
  return { lines, exitCode: 0 };
}

export async function showDeadLetter({ ask, json }: Asked, id: string): Promise<Told> {
  const detail = await ask<DeadLetterDetail>('GET', one(id));
  const { letter, fault, content } = detail;
  return told(json, detail, [
    `${letter.id}: a ${letter.kind} of ${letter.about}, ${letter.bytes} bytes, ${letter.place}`,
    `Reason: ${letter.reason}`,
    `Received ${timeText(letter.received)}, set aside ${timeText(letter.set_aside)}`,
    ...(letter.final === null ? [] : [`It can not be replayed. ${letter.final}`]),
    ...(fault ? ['', `Reading stops at byte ${fault.byte}: ${fault.says}`, fault.hex] : []),
    '',
    content.text,
    ...(content.truncated ? ['… (the rest is left out)'] : []),
  ]);
}

export async function replayDeadLetter({ ask, json }: Asked, id: string): Promise<Told> {
  const outcome = await ask<ReplayOutcome>('POST', `${one(id)}/replay`);
  return told(json, outcome, [outcome.sentence], outcome.outcome === 'stored' ? 0 : 1);
}

export async function replayAllDeadLetters(asked: Asked, group: string): Promise<Told> {
  const swept = await sweep(asked.ask, `${ROUTE}/replay`, group);
  const lines =
    swept.stored + swept.refused === 0 ? [NONE] : [`Stored ${swept.stored}; ${swept.refused} still can not be stored.`];
  return told(asked.json, { stored: swept.stored, refused: swept.refused }, lines, swept.refused === 0 ? 0 : 1);
}

export async function dropDeadLetter({ ask, json }: Asked, id: string): Promise<Told> {
  await ask<null>('DELETE', one(id));
  return told(json, { dropped: 1 }, [`Dropped ${id}.`]);
}

export async function dropAllDeadLetters({ ask, json }: Asked, group: string): Promise<Told> {
  const { dropped } = await sweep(ask, `${ROUTE}/drop`, group);
  return told(json, { dropped }, [dropped === 0 ? NONE : `Dropped ${dropped}.`]);
}

async function sweep(ask: AskApi, route: string, group: string): Promise<Omit<DeadLetterSwept, 'next_cursor'>> {
  const sum = { stored: 0, refused: 0, dropped: 0 };
  let cursor: string | null = null;
  do {
    const page: DeadLetterSwept = await ask<DeadLetterSwept>('POST', route, { group, cursor });
    for (const key of ['stored', 'refused', 'dropped'] as const) sum[key] += page[key];
    cursor = page.next_cursor;
  } while (cursor !== null);
  return sum;
}

function timeText(nano: string | null): string {
  return nano === null ? 'at an unknown time' : new Date(Number(BigInt(nano) / 1_000_000n)).toISOString();
}
