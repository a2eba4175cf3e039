import { readFileSync } from 'node:fs';
import { type Agent, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Destination } from './mailbox.js';

/** Connections to one destination, kept for the next export. */
export function openConnections(destination: Destination, onFault: (sentence: string) => void): Agent | HttpsAgent {
  const options = { keepAlive: true, maxSockets: 4, keepAliveMsecs: 1000 };
  if (new URL(destination.url).protocol !== 'https:') return new HttpAgent(options);
  const read = (path: string | undefined): Buffer | undefined => {
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      onFault(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  return new HttpsAgent({
    ...options,
    ca: read(destination.certificate),
    key: read(destination.clientKey),
    cert: read(destination.clientCertificate),
  });
}
