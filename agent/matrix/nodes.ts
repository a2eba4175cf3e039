import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Majors of Node the agent runs on. */
export const NODES = [20, 22, 24] as const;
export type NodeMajor = (typeof NODES)[number];

/** The program of a Node: the one that runs this, or the binary of a package; `undefined` where there is neither. */
export function nodeProgram(major: NodeMajor): string | undefined {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  const program = fileURLToPath(new URL(`node_modules/node-${major}/bin/node`, import.meta.url));
  return existsSync(program) ? realpathSync(program) : undefined;
}
