import type { Tried } from './try-app.js';

/** A line of the table, as it is kept. */
export interface Line {
  readonly name: string;
  readonly cells: readonly string[];
}

const HEAD = [
  'application',
  'kind',
  'on',
  'Node',
  'requests',
  'spans',
  'with a route',
  'records correlated',
  'differences',
];

export function lineOf({ app, node, judgement, differences }: Tried): Line {
  const { requests, spans, routed, routable, records, correlated, faults } = judgement;
  const name = `${app.name} ${app.version}`;
  return {
    name,
    cells: [
      name,
      app.module,
      app.framework,
      node,
      String(requests),
      String(spans),
      share(routed, routable),
      share(correlated, records),
      faults.length + differences.length === 0 ? 'none' : `**${faults.length + differences.length}**`,
    ],
  };
}

/** The table as Markdown. */
export function tableOf(lines: readonly Line[]): string {
  return [
    `| ${HEAD.join(' | ')} |`,
    '|---|---|---|---|--:|--:|--:|--:|---|',
    ...lines.map(({ cells }) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.floor((part / whole) * 100)} %`;
}
