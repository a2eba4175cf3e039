import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { shownUrl } from '../config/destination.js';
import type { Destination } from '../export/mailbox.js';

export interface CollectorAnswer {
  readonly url: string;
  readonly ok: boolean;
  /** What it said, or why it could not be asked. */
  readonly said: string;
  readonly milliseconds: number;
  /** Its clock minus ours; within about a second, because the `Date` header has whole seconds. `null`: it did not say. */
  readonly clockOffsetMs: number | null;
}

const PATIENCE_MS = 5000;

/** Sends an export request with nothing in it, which every OTLP receiver must accept. */
export function askCollector(destination: Destination): Promise<CollectorAnswer> {
  const url = shownUrl(destination.url);
  const secure = new URL(destination.url).protocol === 'https:';
  const started = Date.now();
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      resolve({
        url,
        ok: false,
        said: error.code ?? error.message,
        milliseconds: Date.now() - started,
        clockOffsetMs: null,
      });
    try {
      const request = (secure ? httpsRequest : httpRequest)(
        destination.url,
        {
          method: 'POST',
          signal: AbortSignal.timeout(PATIENCE_MS),
          headers: { ...destination.headers, 'content-type': 'application/x-protobuf', 'content-length': 0 },
          ...(destination.certificate !== undefined && { ca: readFileSync(destination.certificate) }),
          ...(destination.clientKey !== undefined && { key: readFileSync(destination.clientKey) }),
          ...(destination.clientCertificate !== undefined && { cert: readFileSync(destination.clientCertificate) }),
        },
        (response) => {
          response.resume();
          const ended = Date.now();
          const date = Date.parse(response.headers.date ?? '');
          const status = response.statusCode ?? 0;
          resolve({
            url,
            ok: status >= 200 && status < 300,
            said: `status ${status}`,
            milliseconds: ended - started,
            // The header is cut to whole seconds: its true value lies half a second later on average.
            clockOffsetMs: Number.isNaN(date) ? null : date + 500 - (started + ended) / 2,
          });
        },
      );
      request.on('error', failed).end();
    } catch (error) {
      failed(error as NodeJS.ErrnoException);
    }
  });
}
