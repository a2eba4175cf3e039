import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { StoreError, type StoreErrorCode } from '../store.js';
import { SNAPSHOT_PATH, type WireFault } from './wire.js';

export interface SnapshotTold {
  slices: number;
  ofSlices: number;
  bytes: number;
}

/** Has the store process copy what it keeps into a folder of this machine. @throws StoreError */
export async function takeSnapshot(
  socketPath: string,
  folder: string,
  progress: (told: SnapshotTold) => void,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify({ folder });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ socketPath, path: SNAPSHOT_PATH, method: 'POST', signal }, resolve);
    sent.on('error', reject);
    sent.end(body);
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (!['ENOENT', 'ECONNREFUSED'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw ended(cause);
    throw new StoreError(
      'store_unavailable',
      'No collector runs on this data directory. One that is stopped needs no command: copy the folder as it is.',
      { retryable: false, cause },
    );
  });
  let last: Partial<SnapshotTold & WireFault & { done: boolean }> = {};
  try {
    for await (const line of createInterface({ input: response })) {
      last = JSON.parse(line) as typeof last;
      if (last.slices !== undefined) progress(last as SnapshotTold);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw ended(cause);
  }
  signal.throwIfAborted();
  if (last.done === true) return;
  if (last.code === undefined) throw ended();
  throw new StoreError(last.code as StoreErrorCode, last.message ?? '', { retryable: false });
}

function ended(cause?: unknown): StoreError {
  return new StoreError('store_unavailable', 'The store process ended while it made the backup: make it again.', {
    retryable: true,
    cause,
  });
}
