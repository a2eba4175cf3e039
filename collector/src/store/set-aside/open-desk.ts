import { StoreError } from '../store.js';
import type { LetterDesk, LetterPlace } from './letter-desk.js';

/** One desk over several places; `figures` is what their disk takes. */
export function openDesk(
  places: readonly LetterPlace[],
  figures: () => { bytes: number; limitBytes: number; madeRoom: number },
): LetterDesk {
  const placeOf = (id: string) => places.find(({ prefix }) => id.startsWith(prefix));
  return {
    async list({ group, limit, cursor }, signal) {
      const [counts, groups] = await Promise.all([
        Promise.all(places.map((place) => place.count(signal))),
        Promise.all(places.map((place) => place.groups(signal))),
      ]);
      const { letters, next } = await pageOf(places, { group, limit, cursor: cursor ?? null }, signal);
      const { bytes, limitBytes, madeRoom } = figures();
      return {
        letters,
        next_cursor: next,
        total: counts.reduce((sum, count) => sum + count, 0),
        groups: groups
          .flatMap((found) => [...found].map(([name, count]) => ({ group: name, count })))
          .sort((a, b) => b.count - a.count),
        bytes,
        limit_bytes: limitBytes,
        made_room: madeRoom,
      };
    },
    show: async (id, signal) => (await placeOf(id)?.show(id, signal)) ?? null,
    replay: async (id, signal) => (await placeOf(id)?.replay(id, signal)) ?? null,
    drop: async (id, signal) => (await placeOf(id)?.drop(id, signal)) ?? false,
  };
}

/** The cursor says which place goes on, and behind what. */
async function pageOf(
  places: readonly LetterPlace[],
  { group, limit, cursor }: { group: string; limit: number; cursor: string | null },
  signal: AbortSignal,
): Promise<{ letters: Awaited<ReturnType<LetterPlace['page']>>['letters']; next: string | null }> {
  const [at, behind] = cursor === null ? [0, null] : parse(cursor, places.length);
  const letters = [];
  let after: string | null = behind;
  for (let place = at; place < places.length; place++) {
    const page = await (places[place] as LetterPlace).page({ group, after, limit: limit - letters.length }, signal);
    letters.push(...page.letters);
    if (page.next !== null) return { letters, next: `${place}:${page.next}` };
    after = null;
    if (letters.length >= limit && place + 1 < places.length) return { letters, next: `${place + 1}:` };
  }
  return { letters, next: null };
}

function parse(cursor: string, places: number): [number, string | null] {
  const match = /^(\d):(.*)$/s.exec(cursor);
  if (!match || Number(match[1]) >= places)
    throw new StoreError('cursor_invalid', 'The cursor was not made for this list.', { retryable: false });
  return [Number(match[1]), match[2] === '' ? null : (match[2] as string)];
}
