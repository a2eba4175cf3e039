import type { Counters } from '../export/mailbox.js';
import type { Signal } from '../export/queue.js';
import type { Census } from './census.js';
import type { Ledger } from './ledger.js';
import { loadedPackages } from './loaded-packages.js';

/**
 * Tells the doctor now and then what was loaded and what became of the telemetry; answers the function that tells it, for
 * the end of the process, when the last of it is sent.
 */
export function tellAtEnd(ledger: Ledger, counters: Counters, census: Census, anyFile: string): () => void {
  const counts = (of: (signal: Signal) => number) => ({
    traces: of('traces'),
    logs: of('logs'),
    metrics: of('metrics'),
  });
  const tell = (): void => {
    ledger({ kind: 'packages', packages: loadedPackages(anyFile) });
    ledger({
      kind: 'end',
      sent: counts((signal) => counters.sent(signal)),
      dropped: counts((signal) => counters.dropped(signal)),
      census,
    });
  };
  // The doctor ends what still runs by SIGTERM, and an application may end without `exit` then: it is told early, too.
  setInterval(tell, 500).unref();
  return tell;
}
