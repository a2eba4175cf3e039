import { localSocket } from '../../log/local-socket.js';

/** Where the store process of a data directory answers questions. */
export function storeSocket(dataDirectory: string): string {
  return localSocket(dataDirectory, 'store');
}
