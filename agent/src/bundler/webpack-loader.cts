import marking = require('./mark-file.js');

interface LoaderContext {
  readonly resourcePath: string;
  getOptions(): { readonly isMain?: boolean };
  callback(error: null, source: string, sourceMap?: unknown): void;
}

/** webpack loader: what is written behind the source moves no line of it, so its map stays right. */
export = function markLibrary(this: LoaderContext, source: string, sourceMap?: unknown): void {
  const { isMain = false } = this.getOptions();
  this.callback(null, marking.markFile(this.resourcePath, source, isMain) ?? source, sourceMap);
};
