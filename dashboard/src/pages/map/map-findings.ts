import type { MapPart } from './map-focus.js';

export interface Finding {
  kind: 'shared-database' | 'cycle' | 'chain';
  sentence: string;
  /** Node to look at. */
  focus: string;
}

/** What couples more than it looks: a database two services share, a cycle of blocking calls, a blocking chain over three. */
export function mapFindings(map: MapPart): Finding[] {
  const names = new Map(map.nodes.map((node) => [node.id, node.name]));
  const findings: Finding[] = [];
  for (const node of map.nodes) {
    if (node.kind !== 'database') continue;
    const users = map.edges
      .filter((edge) => edge.target === node.id)
      .map((edge) => names.get(edge.source) ?? edge.source);
    if (users.length > 1) {
      findings.push({
        kind: 'shared-database',
        sentence: `${users.length} services share ${node.name}: ${users.slice(0, 4).join(', ')}${users.length > 4 ? ' …' : ''}`,
        focus: node.id,
      });
    }
  }
  const sync = new Map<string, string[]>();
  for (const edge of map.edges) {
    if (edge.kind === 'sync' && edge.source !== edge.target)
      sync.set(edge.source, [...(sync.get(edge.source) ?? []), edge.target]);
  }
  const { cycle, chain } = deepest(sync);
  const words = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id).join(' → ');
  if (cycle)
    findings.push({
      kind: 'cycle',
      sentence: `Services call each other in a circle: ${words(cycle)}`,
      focus: cycle[0] ?? '',
    });
  if (chain.length > 4) {
    findings.push({
      kind: 'chain',
      sentence: `A blocking chain of ${chain.length - 1} calls: ${words(chain)}`,
      focus: chain[0] ?? '',
    });
  }
  return findings;
}

/** The longest way along blocking calls, and a cycle if there is one. */
function deepest(out: ReadonlyMap<string, string[]>): { cycle: string[] | null; chain: string[] } {
  const best = new Map<string, string[]>();
  let cycle: string[] | null = null;
  const visit = (id: string, path: string[]): string[] => {
    const known = best.get(id);
    if (known) return known;
    const at = path.indexOf(id);
    if (at >= 0) {
      cycle ??= [...path.slice(at), id];
      return [];
    }
    let longest: string[] = [];
    for (const target of out.get(id) ?? []) {
      const tail = visit(target, [...path, id]);
      if (tail.length > longest.length) longest = tail;
    }
    const chain = [id, ...longest];
    best.set(id, chain);
    return chain;
  };
  let chain: string[] = [];
  for (const id of [...out.keys()].sort()) {
    const found = visit(id, []);
    if (found.length > chain.length) chain = found;
  }
  return { cycle, chain };
}
