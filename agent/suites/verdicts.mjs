import { relative } from 'node:path';

/** A reporter for node:test: one JSON line a test, with the names it stands under. */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter by its default export.
export default async function* verdicts(source) {
  const path = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') path.length = data.nesting;
    if (type === 'test:start') path[data.nesting] = data.name;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const file = data.file === undefined ? '' : relative(process.cwd(), data.file);
    const name = [...path.slice(0, data.nesting), data.name].join(' › ');
    const error = type === 'test:fail' ? String(data.details?.error?.cause?.message ?? data.details?.error) : undefined;
    yield `${JSON.stringify({ file, name, ok: type === 'test:pass', skipped, error })}\n`;
  }
}
