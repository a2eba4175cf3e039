const peers = new WeakMap<object, string>();

/** Notes who brought a carrier, so that who extracts from it knows whether to believe it. `host`: an address or a name. */
export function noteCarrierPeer(carrier: object, host: string): void {
  peers.set(carrier, host);
}

/** `undefined`: from a system of one's own, as a broker is. */
export function carrierPeer(carrier: unknown): string | undefined {
  return typeof carrier === 'object' && carrier !== null ? peers.get(carrier) : undefined;
}
