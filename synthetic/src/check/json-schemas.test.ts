import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { jsonSchemas } from './json-schemas.js';

const folder = new URL('../../schema/', import.meta.url);

it('publishes the JSON Schemas that the files are read with (UPDATE_SCHEMAS=1 writes them)', async () => {
  const schemas = jsonSchemas();
  const texts = Object.entries(schemas).map(
    ([name, schema]) => [name, `${JSON.stringify(schema, undefined, 2)}\n`] as const,
  );
  if (process.env['UPDATE_SCHEMAS'] === '1') {
    for (const [name, text] of texts) await writeFile(new URL(name, folder), text);
  }
  expect(await readdir(folder)).toEqual(Object.keys(schemas).sort());
  for (const [name, text] of texts)
    expect(JSON.parse(await readFile(new URL(name, folder), 'utf8'))).toEqual(JSON.parse(text));
});
