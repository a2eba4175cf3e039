import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadFile, loadFiles } from './load-files.js';

const source = { overrides: {}, env: {} };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-load-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const good = 'name: fine\ntitle: Fine\nevery: 5s\nsteps:\n  - { name: Ask, request: { url: "http://a/" } }\n';

describe('loading files', () => {
  it('accepts every example of the README', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const blocks = [...readme.matchAll(/```(yaml|ts)\n([\s\S]*?)```/g)].map(([, language, text], index) => {
      if (language === 'ts') return { name: `${index}.journey.ts`, text: text ?? '' };
      const kind = /^notify:|^synthetic:/m.test(text ?? '')
        ? 'config'
        : /^measure:/m.test(text ?? '')
          ? 'expectation'
          : 'check';
      return { name: `${index}.${kind}.yaml`, text: text ?? '' };
    });
    const files = await Promise.all(
      blocks.filter(({ name }) => !name.includes('config')).map(({ name, text }) => put(name, text)),
    );
    const loaded = await loadFiles(files, source);
    expect(loaded.flatMap((one) => one.faults)).toEqual([]);
    expect(loaded.length).toBeGreaterThanOrEqual(6);
  });

  it('shows all faults of a file at once, each with its line and column', async () => {
    const file = await put(
      'a.check.yaml',
      [
        'name: Wrong Name',
        'title: Something',
        'evry: 30s',
        'timeout: soon',
        'severity: loud',
        'steps:',
        '  - name: Ask',
        '    request:',
        '      method: get',
        '    expect:',
        '      status: 9xx',
      ].join('\n'),
    );
    const loaded = await loadFile(file, source);
    expect(loaded.check).toBeNull();
    expect(loaded.faults).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'name', line: 1, column: 1 }),
        { path: 'evry', message: '"evry" is not known here.', line: 3, column: 1 },
        expect.objectContaining({ path: 'timeout', line: 4 }),
        { path: 'severity', message: 'must be one of "page", "ticket", "info".', line: 5, column: 1 },
        { path: 'steps[0].request.url', message: 'is missing.', line: 8, column: 5 },
        expect.objectContaining({ path: 'steps[0].request.method', line: 9, column: 7 }),
        expect.objectContaining({ path: 'steps[0].expect.status', line: 11, column: 7 }),
      ]),
    );
    expect(loaded.faults).toHaveLength(7);
  });

  it('finds what a schema cannot see: expressions, names without a value, schedules', async () => {
    const file = await put(
      'a.check.yaml',
      [
        'name: a',
        'title: A',
        'cron: "61 * * * *"',
        'steps:',
        '  - name: One',
        '    request: { url: "${base}/x/${secret.token}" }',
        '    expect:',
        '      json: [{ path: "$.[", exists: true }]',
        '      body: { matches: "(" }',
        '    save: { id: { json: $.id } }',
        '  - name: Two',
        '    request: { url: "http://h/${id}/${later}" }',
      ].join('\n'),
    );
    const { faults } = await loadFile(file, source);
    expect(faults.map(({ path, line }) => `${line} ${path}`)).toEqual([
      '3 cron',
      '6 steps[0].request.url',
      '6 steps[0].request.url',
      '9 steps[0].expect.body.matches',
      '8 steps[0].expect.json[0].path',
      '12 steps[1].request.url',
    ]);
  });

  it.each([
    ['an empty file', ''],
    ['broken YAML', 'name: [a\ntitle: "x'],
    ['a list', '- 1\n- 2\n'],
    [
      'a bomb of aliases',
      `a: &a [1,1,1,1,1,1,1,1]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}\n`,
    ],
    ['binary', '\u0000\u0001\u0002\ufffd'],
    ['two documents', `${good}---\n${good}`],
  ])('tells what is wrong with %s and goes on with the others', async (_, text) => {
    const files = [await put('bad.check.yaml', text), await put('good.check.yaml', good)];
    const [bad, fine] = await loadFiles(files, source);
    expect(bad?.faults.length).toBeGreaterThan(0);
    expect(bad?.check ?? bad?.broken.name).toBe('bad');
    expect(fine?.check?.name).toBe('fine');
  });

  it('gives a name to the file that can run, and tells the other', async () => {
    const files = [
      await put('1.check.yaml', good.replace('every: 5s', 'every: 5parsecs')),
      await put('2.check.yaml', good),
      await put('3.check.yaml', good),
    ];
    const loaded = await loadFiles(files, source);
    expect(loaded.map((one) => one.check?.name ?? null)).toEqual([null, 'fine', null]);
    expect(new Set(loaded.map((one) => one.check?.name ?? one.broken.name)).size).toBe(3);
    expect(loaded[2]?.faults[0]?.message).toContain('2.check.yaml');
  });

  it('shows faults of a journey with their place', async () => {
    const syntax = await loadFile(await put('a.journey.ts', 'const x: = 1;\n'), source);
    expect(syntax.faults[0]).toMatchObject({ line: 1 });
    const none = await loadFile(await put('b.journey.ts', 'export const a = 1;\n'), source);
    expect(none.faults[0]?.message).toContain('export default journey(');
    const throws = await loadFile(await put('c.journey.ts', 'throw new Error("no way");\n'), source);
    expect(throws.faults[0]?.message).toContain('no way');
    const wrong = await loadFile(
      await put(
        'd.journey.ts',
        "import { journey } from '@orrery/synthetic';\nexport default journey(\n  { name: 'd', title: 'D', every: 'often' as never, base: 'http://a' },\n  async () => {},\n);\n",
      ),
      source,
    );
    expect(wrong.faults).toEqual([expect.objectContaining({ path: 'every', line: 3 })]);
  });
});
