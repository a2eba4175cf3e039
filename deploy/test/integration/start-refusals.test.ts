import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCommand } from '../../bootstrap/command.mjs';
import { findFreeRange } from './running-shop.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const startFile = join(root, 'deploy', 'bootstrap', 'start.mjs');

const start = (args: string[], { node = process.execPath, nodeArgs = [] as string[] } = {}) =>
  runCommand(node, [...nodeArgs, startFile, ...args], { cwd: root });

test('lists its options when asked for help', async () => {
  const { code, output } = await start(['--help']);
  expect(code).toBe(0);
  for (const option of ['--no-demo', '--data-dir', '--ui-port', '--otlp-port', '--store', '--elasticsearch-url']) {
    expect(output).toContain(option);
  }
});

test.each(['22', '24'])('understands Node %s', async (major) => {
  const node = join(root, 'deploy', 'node_modules', `node-${major}`, 'bin', 'node');
  expect(await start(['--help'], { node })).toMatchObject({ code: 0 });
});

test('names the port that is in use, and the way out', async () => {
  const base = await findFreeRange();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(base, '127.0.0.1', resolve));
  try {
    const { code, output } = await start(['--ui-port', String(base), '--no-demo']);
    expect(code).toBe(1);
    expect(output.trim().split('\n').at(-1)).toBe(
      `Port ${base} (dashboard and API) is in use: is Orrery running already? Stop what holds it, or choose another with --ui-port.`,
    );
  } finally {
    holder.close();
  }
});

test('refuses an option that does not exist and a value that makes no sense', async () => {
  expect(await start(['--no-such-thing'])).toMatchObject({ code: 1, output: expect.stringContaining('npm start --') });
  expect(await start(['--store', 'paper'])).toMatchObject({
    code: 1,
    output: 'There is no store "paper": choose duckdb or elasticsearch.\n',
  });
});

test('says in one sentence that Node is too old', async () => {
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`;
  const { code, output } = await start([], { nodeArgs: ['--import', `data:text/javascript,${old}`] });
  expect(code).toBe(1);
  expect(output).toMatch(/^Orrery needs Node 20\.19, 22 or 24 and newer, and this is Node 18\.20\.4: install another/);
  expect(output.trim().split('\n')).toHaveLength(1);
});
