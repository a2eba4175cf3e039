import { spawn } from 'node:child_process';

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, uid?: number, gid?: number }} [options]
 *   `show` lets the output through; otherwise it is collected
 * @returns {Promise<{ code: number, output: string }>} code 127 when there is no such command
 */
export function runCommand(command, args, options = {}) {
  const { show = false, ...rest } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...rest, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * The last lines of a command's output: where the reason usually stands.
 * @param {string} output
 * @param {number} [lines]
 */
export function lastLines(output, lines = 8) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
