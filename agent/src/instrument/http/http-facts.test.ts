import { expect, it } from 'vitest';
import { withoutSecrets } from './http-facts.js';

it.each([
  ['?a=1&token=x', '?a=1&token=REDACTED'],
  [
    '?X-Amz-Credential=x&X-Amz-Date=2&X-Amz-Signature=y',
    '?X-Amz-Credential=REDACTED&X-Amz-Date=2&X-Amz-Signature=REDACTED',
  ],
  ['https://a/b?code=x&state=y#z', 'https://a/b?code=REDACTED&state=y#z'],
  ['?PASSWORD=x&new_password=y', '?PASSWORD=REDACTED&new_password=REDACTED'],
  ['?barcode=1&design=2&country_code=3&sort=4', '?barcode=1&design=2&country_code=3&sort=4'],
])('redacts the secrets of %s', (text, clean) => {
  expect(withoutSecrets(text)).toBe(clean);
});

it('is not kept busy by names made for it', () => {
  const hostile = `?${'token'.repeat(20_000)}&${'session'.repeat(20_000)}=`;
  const before = process.cpuUsage();
  withoutSecrets(hostile);
  const { user } = process.cpuUsage(before);
  // Microseconds; without a bound on names it is minutes.
  expect(user).toBeLessThan(2_000_000);
});
