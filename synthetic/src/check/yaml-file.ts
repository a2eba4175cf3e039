import { isMap, isNode, isPair, LineCounter, type Node, parseDocument } from 'yaml';
import { type Fault, pathText, type UnplacedFault } from './fault.js';

/** A YAML text as a value, with the means to find the place of anything in it. */
export interface YamlFile {
  readonly value: unknown;
  /** Faults of the YAML itself; the value is then of no use. */
  readonly faults: readonly Fault[];
  readonly place: (fault: UnplacedFault) => Fault;
}

/** Reads YAML 1.2; aliases are limited, so that a few lines cannot become gigabytes. */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults: Fault[] = document.errors.map((error) => ({
    path: '',
    message: `This is not YAML: ${error.message}.`,
    ...at(error.pos[0]),
  }));
  let value: unknown;
  if (faults.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 50 });
    } catch (error) {
      faults.push({ path: '', message: `This cannot be read: ${(error as Error).message}.`, line: 1, column: 1 });
    }
  }
  return {
    value,
    faults,
    place: ({ path, message }) => ({ path: pathText(path), message, ...at(offsetOf(document.contents, path)) }),
  };
}

/** Where the value at a path begins, or its nearest parent that is there. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = isNode(root) ? (root.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === String(key));
      if (!pair) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      const items: unknown = isNode(node) && 'items' in node ? node.items : undefined;
      const item: unknown = Array.isArray(items) && typeof key === 'number' ? items[key] : undefined;
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}
