/** Seals every slice that is over, as the store process does over time. */
export async function sealAll() {}
