import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildPackages } from '../build/build-packages.mjs';
import { CannotError, runMain } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { providePython } from '../python.mjs';
import { root } from '../repository.mjs';

const SOURCE = 'https://github.com/w3c/trace-context';

/** `npm run agent:w3c -- [folder of a clone]`: W3C's own harness of Trace Context against a service with the agent. */
export function main() {
  return runMain(async () => {
    await installPackages();
    await buildPackages({ only: ['agent'] });
    const harness = await provideHarness(process.argv[2]);
    const python = await providePython();
    const installed = await runCommand(python, ['-m', 'pip', 'install', '--quiet', 'aiohttp']);
    if (installed.code !== 0) throw new CannotError(`pip could not install aiohttp: ${lastLines(installed.output, 3)}`);
    const service = spawn(
      process.execPath,
      ['--require', join(root, 'agent/dist/register.cjs'), join(root, 'agent/test/fixtures/relay.cjs')],
      {
        env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    try {
      const [line] = await once(createInterface(service.stdout), 'line');
      const endpoint = `http://127.0.0.1:${/listening (\d+)/.exec(line)?.[1]}/test`;
      for (const level of ['1', '2']) {
        const { output } = await runCommand(python, ['test.py'], {
          cwd: join(harness, 'test'),
          env: { ...process.env, SERVICE_ENDPOINT: endpoint, SPEC_LEVEL: level, STRICT_LEVEL: '2' },
        });
        const ran = Number(/^Ran (\d+) tests/m.exec(output)?.[1] ?? 0);
        if (ran === 0) throw new Error(`the harness did not run:\n${lastLines(output, 5)}`);
        /** @param {string} what */
        const count = (what) => Number(new RegExp(`${what}=(\\d+)`).exec(output)?.[1] ?? 0);
        const failed = count('failures') + count('errors');
        const tried = ran - count('skipped');
        console.log(`Trace Context Level ${level}: ${tried - failed} of ${tried}`);
        for (const [, test] of output.matchAll(/^(?:FAIL|ERROR): (\w+)/gm)) console.log(`  ${test}`);
        if (failed > 0) process.exitCode = 1;
      }
    } finally {
      service.kill();
    }
  });
}

/** @param {string | undefined} folder */
async function provideHarness(folder) {
  if (folder !== undefined) {
    if (existsSync(join(folder, 'test', 'test.py'))) return folder;
    throw new CannotError(`There is no test/test.py in ${folder}: give the folder of a clone of ${SOURCE}.`);
  }
  const target = join(root, '.tools', 'trace-context');
  if (existsSync(join(target, 'test', 'test.py'))) return target;
  const cloned = await runCommand('git', ['clone', '--quiet', '--depth', '1', SOURCE, target]);
  if (cloned.code !== 0) {
    throw new CannotError(`${SOURCE} cannot be reached. With a clone of it: npm run agent:w3c -- <its folder>`);
  }
  return target;
}
