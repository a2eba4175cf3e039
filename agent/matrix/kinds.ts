import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type TransformOptions, transform } from 'esbuild';
import { orrery } from '../dist/bundler/esbuild.cjs';
import { bundleWithWebpack } from './webpack.js';

/** How Node code is shipped. Bundles are tried as they are and with the agent's plugin for the bundler. */
export const KINDS = ['cjs', 'esm', 'tsx', 'esbuild', 'esbuild+plugin', 'webpack', 'webpack+plugin'] as const;
export type Kind = (typeof KINDS)[number];

export interface BuiltApp {
  readonly file: string;
  /** Flags of Node that this kind needs. */
  readonly nodeArguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What an application is built from. */
export interface AppSource {
  /** File of `apps/`, without its ending. */
  readonly app: string;
  /** Words of it to be replaced. */
  readonly words: Readonly<Record<string, string>>;
  /** What it has installed: name, and the folder where it is. */
  readonly packages: Readonly<Record<string, string>>;
  /** Packages a bundler must not look for: asked for in `try`, and not there. */
  readonly external: readonly string[];
}

const APPS = fileURLToPath(new URL('apps/', import.meta.url));
const COMMON = {
  platform: 'node',
  target: 'node20.19',
  logLevel: 'silent',
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
} as const satisfies TransformOptions;

/** Programs stand beside what they share, and name it by its file; those of the tests are elsewhere. */
const FIXTURES = fileURLToPath(new URL('../test/fixtures/otel/', import.meta.url));
const CONTEXT = fileURLToPath(new URL('../dist/context.cjs', import.meta.url));
const isOfTests = (app: string): boolean => app.startsWith('otel/');
const PART = /(?<=from '\.\/)[\w-]+(?=\.js')/g;

async function sourceOf(app: string): Promise<string> {
  if (!isOfTests(app)) return readFile(join(APPS, `${app}.ts`), 'utf8');
  const text = await readFile(join(FIXTURES, `${app.slice('otel/'.length)}.mjs`), 'utf8');
  return text.replaceAll(/(?<=from '\.\/[\w-]+)\.mjs/g, '.js').replaceAll('../../../dist/context.mjs', CONTEXT);
}

/** What a program imports from beside itself, and what that does, by name. */
async function partsOf(app: string, text: string): Promise<Map<string, string>> {
  const parts = new Map<string, string>();
  for (const [name] of text.matchAll(PART)) {
    const beside = isOfTests(app) ? `otel/${name}` : name;
    const part = await sourceOf(beside);
    for (const [inner, source] of await partsOf(beside, part)) parts.set(inner, source);
    parts.set(name, part);
  }
  return parts;
}

/** Makes one of the kinds of an application, in `folder` (which must not exist), installed as applications have it. */
export async function buildApp(
  { app, words, packages, external }: AppSource,
  kind: Kind,
  folder: string,
): Promise<BuiltApp> {
  await mkdir(folder, { recursive: true });
  for (const [name, directory] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(directory, link);
  }
  const type = kind === 'esm' || kind === 'tsx' ? 'module' : 'commonjs';
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'matrix-app', version: '1.2.3', type }));
  const text = Object.entries(words).reduce(
    (written, [word, instead]) => written.replaceAll(word, instead),
    await sourceOf(app),
  );
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const isModule = kind === 'esm' || kind === 'tsx';
  for (const [name, part] of await partsOf(app, text)) {
    const { code } = await transform(part, { ...COMMON, loader: 'ts', format: isModule ? 'esm' : 'cjs' });
    await write(kind === 'tsx' ? `${name}.ts` : `${name}.js`, kind === 'tsx' ? part : code);
  }
  if (kind === 'tsx') {
    const tsconfig = JSON.stringify(COMMON.tsconfigRaw);
    const env = { TSX_TSCONFIG_PATH: await write('tsconfig.json', tsconfig) };
    return { file: await write('app.ts', text), nodeArguments: ['--import', import.meta.resolve('tsx')], env };
  }
  const { code } = await transform(text, { ...COMMON, loader: 'ts', format: kind === 'cjs' ? 'cjs' : 'esm' });
  if (kind === 'cjs' || kind === 'esm') return { file: await write('app.js', code), nodeArguments: [] };
  const source = await write('source.mjs', code);
  const file = join(folder, 'app.js');
  const withPlugin = kind.endsWith('+plugin');
  if (kind.startsWith('webpack')) await bundleWithWebpack(source, file, external, withPlugin);
  else {
    await build({
      ...COMMON,
      entryPoints: [source],
      outfile: file,
      bundle: true,
      format: 'cjs',
      external: [...external],
      plugins: withPlugin ? [orrery()] : [],
    });
  }
  return { file, nodeArguments: [] };
}
