import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OPTIONS } from '../../src/config/options.js';
import { AGENT_VERSION } from '../../src/version.js';

function textOf(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

it('lists in the README every option, with default and meaning, and no other', () => {
  const rows = Object.values(OPTIONS).map(({ env, fallback, description }) => {
    const shown = fallback === '' ? '' : `\`${fallback}\``;
    return `| \`${env}\` | ${shown} | ${description} |`;
  });
  const listed = textOf('README.md')
    .split('\n')
    .filter((line) => /^\| `(OTEL|ORRERY)_/.test(line));
  expect(listed).toEqual(rows);
});

it('reports the version of its package.json', () => {
  expect(AGENT_VERSION).toBe((JSON.parse(textOf('package.json')) as { version: string }).version);
});
