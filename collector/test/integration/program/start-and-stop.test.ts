import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually, freePort, isAlive, type OrreryProcess, spawnOrrery, startOrrery } from './orrery-process.js';

let folder: string;
const started: OrreryProcess[] = [];
const track = (orrery: OrreryProcess): OrreryProcess => {
  started.push(orrery);
  return orrery;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-program-'));
});
afterEach(async () => {
  for (const orrery of started.splice(0))
    if (orrery.child.exitCode === null && !orrery.child.killed) await orrery.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

it.each(['SIGTERM', 'SIGINT'] as const)('ends with exit code 0 at %s, and leaves no process behind', async (signal) => {
  const orrery = track(await startOrrery(folder));
  const roles = orrery.roles();
  expect(Object.keys(roles).toSorted()).toEqual(['api', 'ingest', 'store']);
  // As Ctrl-C and systemd do: each process hears it.
  for (const pid of Object.values(roles)) process.kill(pid, signal);
  expect(await orrery.end(signal)).toBe(0);
  expect(Object.values(roles).filter(isAlive)).toEqual([]);
  expect(orrery.output()).not.toMatch(/started again/);
});

it('leaves no orphans when it is killed outright', async () => {
  const orrery = track(await startOrrery(folder));
  const roles = Object.values(orrery.roles());
  await orrery.end('SIGKILL');
  await eventually(() => expect(roles.filter(isAlive)).toEqual([]));
});

it('says who is in the way when a port is taken, and ends', async () => {
  const holder = createServer().listen(await freePort(), '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  for (const flag of ['--ui-port', '--otlp-port']) {
    const other = flag === '--ui-port' ? '--otlp-port' : '--ui-port';
    const orrery = track(spawnOrrery([`--data-dir=${folder}`, `${flag}=${port}`, `${other}=${await freePort()}`]));
    await once(orrery.child, 'close');
    expect(orrery.child.exitCode).toBe(1);
    expect(orrery.output().trim().split('\n').at(-1)).toBe(
      `Port ${port} on 127.0.0.1 is in use: end the program that has it, or choose another with ${flag}.`,
    );
  }
  holder.close();
});

it('refuses a data directory that another collector has, with one sentence', async () => {
  track(await startOrrery(folder));
  const second = track(
    spawnOrrery([`--data-dir=${folder}`, `--ui-port=${await freePort()}`, `--otlp-port=${await freePort()}`]),
  );
  await once(second.child, 'close');
  expect(second.child.exitCode).toBe(1);
  expect(second.output()).toMatch(/in use by another collector/);
  expect(second.output()).not.toMatch(/\n\s+at /);
});

it('says in a sentence that the data directory is none', async () => {
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'unmounted'), join(folder, 'link'));
  for (const [name, why] of [
    ['file', 'is not a folder'],
    ['link', 'leads to a folder that is not there'],
  ]) {
    const orrery = track(spawnOrrery([`--data-dir=${join(folder, name ?? '')}`]));
    await once(orrery.child, 'close');
    expect(orrery.child.exitCode).toBe(1);
    expect(orrery.output().trim().split('\n').at(-1)).toBe(
      `${join(folder, name ?? '')} ${why}: choose another with --data-dir.`,
    );
  }
});

it('knows which commands there are, and what an API of its own is', async () => {
  const page = createHttpServer((_, response) => response.end('<html>')).listen(await freePort(), '127.0.0.1');
  await once(page, 'listening');
  const { port } = page.address() as { port: number };
  const said = async (...args: string[]): Promise<string> => {
    const orrery = track(spawnOrrery(args));
    await once(orrery.child, 'close');
    expect(orrery.child.exitCode).toBe(1);
    return orrery.output().trim();
  };
  expect(await said('status')).toBe('There is no command status: see orrery --help.');
  expect(await said('dead-letters', 'remove')).toBe('There is no command remove: see orrery dead-letters --help.');
  expect(await said('dead-letters', '--ui-port', String(port))).toMatch(
    /^What answers at http\S+ is not a collector's/,
  );
  expect(await said('dead-letters', '--limit', 'all')).toMatch(/whole number from 1/);
  page.close();
});

it('shows all faults of its configuration at once', async () => {
  writeFileSync(join(folder, 'bad.yaml'), 'ui_prot: 1\nhost: 5\n');
  const orrery = track(spawnOrrery(['--config', join(folder, 'bad.yaml'), '--otlp-port', 'many']));
  await once(orrery.child, 'close');
  expect(orrery.child.exitCode).toBe(1);
  expect(orrery.output()).toMatch(/3 faults/);
  expect(orrery.output()).toMatch(/bad\.yaml:1 ui_prot/);
  expect(orrery.output()).toMatch(/--otlp-port/);
});

it('knows its version and its options', async () => {
  const version = track(spawnOrrery(['--version']));
  await once(version.child, 'close');
  expect(version.output().trim()).toMatch(/^\d+\.\d+\.\d+$/);
  const help = track(spawnOrrery(['--help']));
  await once(help.child, 'close');
  for (const option of [
    '--store',
    '--elasticsearch-url',
    '--data-dir',
    '--ui-port',
    '--otlp-port',
    '--host',
    '--config',
  ])
    expect(help.output()).toContain(option);
});
