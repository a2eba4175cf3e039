import { BlockList, isIP } from 'node:net';

const PRIVATE_RANGES: readonly [address: string, prefix: number][] = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
];
/** Answers are remembered for this many hosts; a client that talks to more starts over. */
const REMEMBERED = 1024;

/** Whether a peer, named by address or host name, is believed and gets baggage. */
export type IsTrusted = (host: string) => boolean;

/**
 * Loopback, private networks, names without a dot, and `extra` (host names, `*.suffixes`, addresses, CIDR ranges).
 * An entry of `extra` that is none of these is ignored.
 */
export function trustedPeers(extra: readonly string[]): IsTrusted {
  const networks = new BlockList();
  const names = new Set<string>();
  const suffixes: string[] = [];
  for (const [address, prefix] of PRIVATE_RANGES) networks.addSubnet(address, prefix, family(address));
  for (const entry of extra) {
    const [address = '', prefix] = entry.toLowerCase().split('/');
    if (isIP(address) !== 0) {
      const widest = isIP(address) === 4 ? 32 : 128;
      const bits = prefix === undefined ? widest : Number(prefix);
      if (Number.isInteger(bits) && bits >= 0 && bits <= widest) networks.addSubnet(address, bits, family(address));
    } else if (address.startsWith('*.')) suffixes.push(address.slice(1));
    else names.add(address);
  }

  const decide = (host: string): boolean => {
    const bare = host.startsWith('[') ? host.slice(1, -1) : host;
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
    if (isIP(mapped) !== 0) return networks.check(mapped, family(mapped));
    const name = mapped.toLowerCase();
    if (name === '') return false;
    return (
      !name.includes('.') ||
      name.endsWith('.localhost') ||
      names.has(name) ||
      suffixes.some((suffix) => name.endsWith(suffix))
    );
  };

  const remembered = new Map<string, boolean>();
  return (host) => {
    const known = remembered.get(host);
    if (known !== undefined) return known;
    if (remembered.size >= REMEMBERED) remembered.clear();
    const answer = decide(host);
    remembered.set(host, answer);
    return answer;
  };
}

function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
