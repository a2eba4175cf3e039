import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const LARGEST_TARBALL_BYTES = 1024 * 1024;

let folder: string;
let tarball: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-packed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: join(root, 'agent') });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  tarball = join(folder, filename);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'its-user', version: '1.0.0', private: true }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--omit=optional', tarball], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the packed agent is small', async () => {
  const { size } = await stat(tarball);
  console.log(`packed agent: ${Math.round(size / 1024)} KB`);
  expect(size).toBeLessThan(LARGEST_TARBALL_BYTES);
});

test('a service in a folder of its own preloads the installed package and is observed', async () => {
  const paths: string[] = [];
  const sink = createServer((request, response) => {
    paths.push(request.url ?? '');
    request.resume().on('end', () => response.end());
  });
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  await writeFile(
    join(folder, 'app.cjs'),
    `const { startSaga } = require('@orrery/agent/saga');
     startSaga({ id: 's', name: 'n' }).step('one', () => undefined);`,
  );
  const endpoint = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  await run(process.execPath, ['--require', '@orrery/agent/register', 'app.cjs'], {
    cwd: folder,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
  });
  sink.close();
  expect(paths).toContain('/v1/traces');
});

test.each([
  ['node16', ['--module', 'node16']],
  ['nodenext', ['--module', 'nodenext']],
  ['a bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
])('what applications import has types for CommonJS and for modules, as %s finds them', async (_, how) => {
  const use = `
    import { carriedContext } from '@orrery/agent/context';
    import { orrery } from '@orrery/agent/esbuild';
    import * as resilience from '@orrery/agent/resilience';
    import { BusinessFailure, joinSaga, type Saga, startSaga } from '@orrery/agent/saga';
    import { OrreryWebpackPlugin } from '@orrery/agent/webpack';
    const saga: Saga = startSaga({ id: 's', name: 'n' });
    export const seats: Promise<number> = saga.step('book', { index: 0 }, ({ attempt }) => attempt);
    export const later = joinSaga(saga.identity);
    export const no: Error = new BusinessFailure('sold out');
    export const all = [carriedContext, orrery().name, resilience, new OrreryWebpackPlugin()];
    // @ts-expect-error: a saga without an id is none
    startSaga({ name: 'n' });
  `;
  await Promise.all([writeFile(join(folder, 'use.mts'), use), writeFile(join(folder, 'use.cts'), use)]);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', 'false', ...how];
  await expect(
    run(process.execPath, [compiler, ...flags, 'use.mts', 'use.cts'], { cwd: folder }),
  ).resolves.toMatchObject({ stdout: '' });
});

test('its libraries are loaded by modules, too', async () => {
  await writeFile(
    join(folder, 'esm.mjs'),
    `import { startSaga } from '@orrery/agent/saga'; startSaga({id:'s',name:'n'});`,
  );
  await run(process.execPath, ['esm.mjs'], { cwd: folder });
});
