import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const load = (
  options: { yaml?: string; env?: Record<string, string>; flags?: Record<string, string>; file?: string } = {},
) => {
  if (options.yaml !== undefined) writeFileSync(join(cwd, 'orrery.yaml'), options.yaml);
  return loadConfig({ file: options.file, env: options.env ?? {}, flags: options.flags ?? {}, cwd });
};
const faultsOf = (options: Parameters<typeof load>[0]) => {
  try {
    load(options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ source, path }) => `${source} ${path}`);
    throw error;
  }
};

it('has defaults for everything, and keeps data in ./.orrery', () => {
  expect(load()).toMatchObject({
    data_dir: join(cwd, '.orrery'),
    host: '127.0.0.1',
    ui_port: 1781,
    otlp_port: 4318,
    store: 'duckdb',
    sagas: [join(cwd, 'sagas')],
  });
});

it('lets the environment win over the file, and flags over both', () => {
  const config = load({
    yaml: 'ui_port: 1\notlp_port: 2\napi:\n  query_timeout_ms: 500\n',
    env: { ORRERY_OTLP_PORT: '3', ORRERY_API__QUERY_TIMEOUT_MS: '900', ORRERY_UI_PORT: '4' },
    flags: { ui_port: '5' },
  });
  expect(config).toMatchObject({ ui_port: 5, otlp_port: 3, api: { query_timeout_ms: 900 } });
});

it('shows every fault at once, with its place', () => {
  expect(
    faultsOf({
      yaml: 'ui_prot: 1\nhost: 7\napi:\n  query_timeout_ms: soon\n  nonsense: 1\n',
      env: { ORRERY_OTLP_PORT: 'many', ORRERY_STROE__X: '1' },
      flags: { store: 'mongodb' },
    }).toSorted(),
  ).toEqual([
    '--store store',
    'ORRERY_OTLP_PORT otlp_port',
    'ORRERY_STROE__X stroe.x',
    'orrery.yaml:1 ui_prot',
    'orrery.yaml:2 host',
    'orrery.yaml:4 api.query_timeout_ms',
    'orrery.yaml:5 api.nonsense',
  ]);
});

it('takes a number in the environment for a text where a text is meant', () => {
  expect(load({ env: { ORRERY_ELASTICSEARCH__PASSWORD: '1234' } }).elasticsearch.password).toBe('1234');
});

it('leaves names that belong to the agent and other programs alone', () => {
  expect(faultsOf({ env: { ORRERY_ENGINE: 'otel-sdk', ORRERY_TRUSTED_HOSTS: 'a,b', ORRERY_CHROMIUM: '/x' } })).toEqual(
    [],
  );
});

it('says where YAML cannot be read, and that a named file is missing', () => {
  expect(faultsOf({ yaml: 'a: [1\nb: 2' })[0]).toMatch(/^orrery\.yaml:\d/);
  expect(faultsOf({ file: 'other.yaml' })).toEqual(['other.yaml ']);
});

it('leaves the runner its sections', () => {
  expect(faultsOf({ yaml: 'notify: {hooks: []}\nsynthetic: {anything: 1}\n' })).toEqual([]);
});

it('says what is wrong with a file or a port in words that help', () => {
  const messagesOf = (options: Parameters<typeof load>[0]): string[] => {
    try {
      load(options);
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.faults.map(({ message }) => message) : [String(error)];
    }
  };
  expect(messagesOf({ file: '.' })).toEqual(['is a folder, and must be a file']);
  expect(messagesOf({ file: 'none.yaml' })).toEqual(['there is no such file']);
  expect(messagesOf({ yaml: 'host: "a' })).toEqual([expect.not.stringMatching(/at line|:$/)]);
  expect(messagesOf({ yaml: '', flags: { ui_port: '4318' } })).toEqual(['must be another port than ui_port']);
  expect(messagesOf({ yaml: '', flags: { ui_port: '0', otlp_port: '0' } })).toEqual([]);
});
