/**
 * Keys whose values never reach the disk. Compared without case and without `-` and `_`, on the part behind the last
 * dot: `http.request.header.Set-Cookie` is `setcookie`. A `*` at the beginning stands for anything.
 */
const BUILT_IN = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  '*password',
  'passwd',
  'passphrase',
  '*secret',
  '*api_key',
  '*private_key',
  '*access_token',
  '*refresh_token',
  '*id_token',
  '*session_token',
  '*auth_token',
];

/** Patterns are shorter; keys can be as long as a sender likes. */
const MAX_COMPARED_BYTES = 256;

/** Decides over keys as bytes. Almost every key is dismissed by its last three letters. */
export class SensitiveKeys {
  private readonly exact = new Set<string>();
  private readonly suffixes: string[] = [];
  private readonly endings = new Uint8Array(1 << 15);

  constructor(keys: readonly string[]) {
    for (const key of [...BUILT_IN, ...keys]) {
      const squeezed = squeeze(key.replace(/^\*/, ''));
      if (key.startsWith('*')) this.suffixes.push(squeezed);
      else this.exact.add(lastPart(squeezed));
      this.allowEnding(squeezed);
    }
  }

  /** Whether the key in `[offset, offset + length)` is one of them. */
  has(bytes: Uint8Array, offset: number, length: number): boolean {
    if (length === 0) return false;
    const end = offset + length;
    // Short keys have no three letters to judge by; they are rare.
    if (length >= 3 && this.endings[ending(bytes[end - 3]!, bytes[end - 2]!, bytes[end - 1]!)] === 0) return false;
    const from = Math.max(offset, end - MAX_COMPARED_BYTES);
    const key = squeeze(lastPart(Buffer.from(bytes.subarray(from, end)).toString('latin1')));
    return this.exact.has(key) || this.suffixes.some((suffix) => key.endsWith(suffix));
  }

  /** Letters differ from their capitals in a bit that {@link ending} drops; `_` and `-` may stand between them. */
  private allowEnding(squeezed: string): void {
    const letters = Buffer.from(squeezed.slice(-3), 'latin1');
    if (letters.length < 3) {
      this.endings.fill(1);
      return;
    }
    const [first, second, third] = letters as unknown as [number, number, number];
    const gaps = [0x2d, 0x5f];
    this.endings[ending(first, second, third)] = 1;
    for (const gap of gaps) {
      this.endings[ending(gap, second, third)] = 1;
      this.endings[ending(second, gap, third)] = 1;
    }
  }
}

function ending(first: number, second: number, third: number): number {
  return ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);
}

function squeeze(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}
