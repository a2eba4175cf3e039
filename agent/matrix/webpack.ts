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
    externals: ({ request }, decide) => {
      const isOutside = external.some((name) => request === name || request.startsWith(`${name}/`));
      return isOutside ? decide(undefined, `commonjs ${request}`) : decide();
    },
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
