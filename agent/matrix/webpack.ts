import { basename, dirname } from 'node:path';
import webpack from 'webpack';
import { OrreryWebpackPlugin } from '../dist/bundler/webpack.cjs';

/** A bundle as `webpack --mode production` makes it for Node. */
export function bundleWithWebpack(
  source: string,
  file: string,
  external: readonly string[],
  withPlugin: boolean,
): Promise<void> {
  const compiler = webpack({
    mode: 'production',
    target: 'node20',
    context: dirname(source),
    entry: source,
    output: { path: dirname(file), filename: basename(file) },
    externals: Object.fromEntries(external.map((name) => [name, `commonjs ${name}`])),
    plugins: withPlugin ? [new OrreryWebpackPlugin()] : [],
    performance: false,
    optimization: { minimize: false },
  });
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error !== null) reject(error);
        else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve();
      });
    });
  });
}
