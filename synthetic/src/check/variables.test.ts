import { describe, expect, it } from 'vitest';
import { secretMask } from './secret-mask.js';
import { fillText, fillValue, initialValues, UnknownVariableError } from './variables.js';

const source = { overrides: { base: 'http://b' }, env: { HOME: '/h', ORRERY_SECRET_API_KEY: 'k"e y' } };
const values = initialValues({ base: 'http://a', size: 3 }, source, 'r1');

describe('variables', () => {
  it('come from the file, overrides, the environment, secrets and the run', () => {
    expect(fillText('${base}/${size}?r=${run.id}&h=${env.HOME}&k=${secret.api-key}', values, source)).toBe(
      'http://b/3?r=r1&h=/h&k=k"e y',
    );
  });
  it('keep their type where nothing else stands beside them', () => {
    expect(fillValue({ a: ['${size}', 'n${size}'] }, values, source)).toEqual({ a: [3, 'n3'] });
  });
  it('without a value are an error, never an empty text', () => {
    expect(() => fillText('${gone}', values, source)).toThrow(UnknownVariableError);
  });
  it('leave other dollars and braces alone', () => {
    expect(fillText('$5 {a} ${}', values, source)).toBe('$5 {a} ${}');
  });
});

describe('the mask', () => {
  it('blanks secrets as they are, in addresses and in JSON', () => {
    const mask = secretMask(source.env, ['other']);
    expect(mask('k"e y k%22e%20y k\\"e y another')).toBe('••• ••• ••• an•••');
  });
});
