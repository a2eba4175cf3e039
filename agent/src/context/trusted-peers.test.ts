import { expect, it } from 'vitest';
import { trustedPeers } from './trusted-peers.js';

const isTrusted = trustedPeers([
  'partner.example.com',
  '*.svc.example.org',
  '203.0.113.0/24',
  '2001:db8::/32',
  'nonsense/99',
]);

it.each([
  '127.0.0.1',
  '127.8.9.1',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.1.1',
  'fd12::1',
  'fe80::1',
  'localhost',
  'payments',
  'shop.localhost',
  'partner.example.com',
  'PARTNER.example.com',
  'cart.svc.example.org',
  '203.0.113.77',
  '2001:db8::5',
])('trusts %s', (host) => expect(isTrusted(host)).toBe(true));

it.each([
  '',
  '8.8.8.8',
  '172.32.0.1',
  '11.0.0.1',
  '2001:db9::1',
  'example.com',
  'svc.example.org.evil.com',
  'evil-partner.example.com',
  'api.stripe.com',
])('does not trust %s', (host) => expect(isTrusted(host)).toBe(false));
