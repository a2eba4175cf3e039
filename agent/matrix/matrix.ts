import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuiltApp, buildApp, type Kind } from './kinds.js';
import type { Row } from './libraries.js';
import { type NodeMajor, nodeProgram } from './nodes.js';
import { runCell } from './run-cell.js';
import { isThere, Servers } from './servers.js';

/** One cell and what came out. */
export interface Cell {
  readonly library: string;
  readonly version: string;
  readonly kind: Kind;
  readonly node: NodeMajor;
  readonly result: 'passed' | 'failed' | 'n/a';
  /** What was wrong, or why there is nothing to try. */
  readonly reasons: readonly string[];
}

export interface CellToRun {
  readonly row: Row;
  readonly kind: Kind;
  readonly node: NodeMajor;
}

/** Runs cells, `atOnce` at a time; each bundle is made once for all Nodes. Tells each as it ends. */
export async function runMatrix(
  cells: readonly CellToRun[],
  atOnce: number,
  onCell: (cell: Cell) => void,
): Promise<Cell[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-matrix-'));
  const built = new Map<string, Promise<BuiltApp>>();
  const appOf = ({ row, kind }: CellToRun): Promise<BuiltApp> => {
    const key = `${row.library}@${row.version}-${row.scenario.app}-${kind}`.replaceAll(/[^\w@.-]/g, '_');
    const known = built.get(key);
    if (known !== undefined) return known;
    const { packages, external } = row;
    const building = buildApp(
      { app: row.scenario.app, words: row.scenario.words ?? {}, packages, external },
      kind,
      join(folder, key),
    );
    built.set(key, building);
    return building;
  };
  const servers = new Servers();
  const results: Cell[] = [];
  const left = cells.map((cell, index) => ({ cell, index }));
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const result = await tryCell(next.cell, servers, () => appOf(next?.cell as CellToRun));
      results[next.index] = result;
      onCell(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
    return results;
  } finally {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryCell(
  { row, kind, node }: CellToRun,
  servers: Servers,
  appOf: () => Promise<BuiltApp>,
): Promise<Cell> {
  const { library, version } = row;
  const cell = { library, version, kind, node };
  const program = nodeProgram(node);
  if (node < row.minNode) return { ...cell, result: 'n/a', reasons: [`the library needs Node ${row.minNode}`] };
  if (program === undefined) return { ...cell, result: 'n/a', reasons: [`no Node ${node} on this machine`] };
  const { needs } = row.scenario;
  if (needs !== undefined && needs !== 'mqtt broker' && !isThere(needs)) {
    return { ...cell, result: 'n/a', reasons: [`no ${needs} on this machine`] };
  }
  const why = row.why?.(kind, node);
  if (why !== undefined) return { ...cell, result: 'n/a', reasons: [why] };
  if (row.needsPlugin && (kind === 'esbuild' || kind === 'webpack')) {
    return {
      ...cell,
      result: 'n/a',
      reasons: ['what is inlined into a bundle can only be seen with the plugin, or when it is left external'],
    };
  }
  try {
    const reasons = await runCell(await appOf(), row.scenario, program, servers);
    return { ...cell, result: reasons.length === 0 ? 'passed' : 'failed', reasons };
  } catch (error) {
    return { ...cell, result: 'failed', reasons: [error instanceof Error ? error.message : String(error)] };
  }
}
