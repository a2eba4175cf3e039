import type { DeadLetter, DeadLetterDetail, DeadLetterList } from '@orrery/collector/api';
import { nano, type Scenario } from './world.ts';

const hostile = '<img src=x onerror="window.pwnedByText=1"><script>window.pwnedByText=1</script>';

function letters(scenario: Scenario, now: number): DeadLetter[] {
  if (scenario === 'empty') return [];
  return Array.from({ length: scenario === 'many' ? 400 : 3 }, (_, n) => {
    const isDocument = n % 3 === 2;
    const reason =
      scenario === 'hostile'
        ? hostile
        : isDocument
          ? "document_parsing_exception: [1:87] failed to parse field [name] of type [long]: For input string: 'GET /books'"
          : `a length of ${n + 90} bytes where 4 are left at byte ${n + 12}`;
    return {
      id: `${isDocument ? 'd' : 'r'}-${1000 - n}`,
      kind: isDocument ? 'document' : 'request',
      about: isDocument ? 'spans' : (['traces', 'logs', 'metrics'][n % 3] ?? 'traces'),
      reason,
      group: reason.replaceAll(/\d+/g, '…'),
      place: isDocument ? 'document 4f0c-12-0 of orrery-spans-2026.11.21' : `position ${1000 - n} of the log`,
      bytes: 840 + n,
      received: isDocument ? null : nano(now - n * 61_000),
      set_aside: nano(now - n * 60_000),
      final: null,
    };
  });
}

export function deadLetterList(scenario: Scenario, query: URLSearchParams, now: number): DeadLetterList {
  const all = letters(scenario, now);
  const group = query.get('group') ?? '';
  const chosen = all.filter((letter) => group === '' || letter.group === group);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 50);
  const groups = new Map<string, number>();
  for (const letter of all) groups.set(letter.group, (groups.get(letter.group) ?? 0) + 1);
  return {
    letters: chosen.slice(from, to),
    next_cursor: to < chosen.length ? String(to) : null,
    total: all.length,
    groups: [...groups].map(([name, count]) => ({ group: name, count })),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    limit_bytes: 268_435_456,
    made_room: scenario === 'many' ? 12 : 0,
  };
}

export function deadLetter(scenario: Scenario, id: string, now: number): DeadLetterDetail | null {
  const letter = letters(scenario, now).find((one) => one.id === id);
  if (!letter) return null;
  const said = {
    resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] } }],
  };
  return {
    letter,
    content: {
      format: 'otlp',
      text: scenario === 'hostile' ? hostile : JSON.stringify(said, null, 2),
      truncated: false,
    },
    fault:
      letter.kind === 'request'
        ? {
            byte: 12,
            says: letter.reason,
            hex: '00000000  0a 5c 0a 1a 0a 18 0a 0c 73 65 72 76 69 63 65 2e  .\\......service.',
          }
        : null,
  };
}
