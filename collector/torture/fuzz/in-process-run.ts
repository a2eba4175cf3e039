import type { LogRecord } from '../../src/log/log-record.js';
import { readCorpus } from './corpus.js';
import { type FuzzCase, fuzzCase } from './fuzz-case.js';
import { InProcessChain } from './in-process-chain.js';
import { minimise } from './minimise.js';
import { StoredInDuckdb } from './stored-in-duckdb.js';

/** What came out so far; only grows. */
export interface InProcessFigures {
  cases: number;
  statuses: Record<string, number>;
  items: number;
  slowestMs: number;
  largestRss: number;
}

/** A case that did harm, made as small as it could be. */
export interface Found {
  given: FuzzCase;
  fault: string;
}

export interface InProcessOptions {
  seed: number;
  /** Cases `from`, `from + step`, … below `to`. */
  from: number;
  step: number;
  to: number;
  /** Stops in time even when there are cases left. */
  untilMs: number;
  progress: (figures: InProcessFigures) => void;
}

/** CPU time: more than this for one body is a hang, on a busy machine as well. */
export const LONGEST_MS = 1000;
/** Of this process, the store's 400 MB among them. */
const LARGEST_RSS = 1_600_000_000;
const WRITE_EVERY = 400;
const REPORT_EVERY = 200;

/**
 * Hands case after case to the chain, and what it acknowledged to a real store.
 * @returns the first case that did harm, or null.
 */
export async function fuzzInProcess(options: InProcessOptions): Promise<Found | null> {
  const corpus = readCorpus();
  const chain = new InProcessChain();
  const store = new StoredInDuckdb();
  const figures: InProcessFigures = { cases: 0, statuses: {}, items: 0, slowestMs: 0, largestRss: 0 };
  let pending: { given: FuzzCase; records: LogRecord[]; accepted: number }[] = [];

  const flush = async (): Promise<Found | null> => {
    const taken = pending;
    pending = [];
    const fault = await storeFault(store, taken);
    if (fault === null) return null;
    for (const one of taken) {
      const alone = await aloneFault(one.given);
      if (alone !== null) return smallest(one.given, alone, aloneFault);
    }
    const first = taken[0]!.given;
    return { given: first, fault: `${fault} (only together with the cases up to ${taken.at(-1)!.given.origin})` };
  };

  try {
    for (let index = options.from; index < options.to && Date.now() < options.untilMs; index += options.step) {
      const given = fuzzCase(corpus, options.seed, index);
      const began = process.cpuUsage();
      try {
        const { status, records, accepted } = await chain.take(given);
        figures.statuses[status] = (figures.statuses[status] ?? 0) + 1;
        figures.items += accepted;
        if (records.length > 0) pending.push({ given, records, accepted });
      } catch (error) {
        return await smallest(given, String((error as Error).stack), chainFault);
      }
      const took = cpuMs(began);
      figures.slowestMs = Math.max(figures.slowestMs, took);
      if (took > LONGEST_MS && (await isSlow(given))) {
        return await smallest(given, `took ${Math.round(took)} ms`, async (body) =>
          (await isSlow(body)) ? 'slow' : null,
        );
      }
      figures.cases++;
      if (pending.length >= WRITE_EVERY) {
        const found = await flush();
        if (found !== null) return found;
      }
      if (figures.cases % REPORT_EVERY === 0) {
        figures.largestRss = Math.max(figures.largestRss, process.memoryUsage.rss());
        if (figures.largestRss > LARGEST_RSS) return { given, fault: `${figures.largestRss} bytes of memory` };
        options.progress(figures);
      }
    }
    const found = await flush();
    options.progress(figures);
    return found;
  } finally {
    await store.close();
  }
}

/** Why a case by itself does harm, stores included; null when it does none. */
export async function aloneFault(given: FuzzCase): Promise<string | null> {
  const store = new StoredInDuckdb();
  try {
    const { records, accepted } = await new InProcessChain().take(given);
    return records.length === 0 ? null : await storeFault(store, [{ given, records, accepted }]);
  } catch (error) {
    return String((error as Error).stack);
  } finally {
    await store.close();
  }
}

async function chainFault(given: FuzzCase): Promise<string | null> {
  try {
    await new InProcessChain().take(given);
    return null;
  } catch (error) {
    return String((error as Error).stack);
  }
}

async function storeFault(
  store: StoredInDuckdb,
  taken: { records: LogRecord[]; accepted: number }[],
): Promise<string | null> {
  const wanted = taken.reduce((sum, { accepted }) => sum + accepted, 0);
  try {
    const { items, deadLetters } = await store.write(taken.flatMap(({ records }) => records));
    if (items === wanted && deadLetters === 0) return null;
    return `of ${wanted} acknowledged items ${items} were stored, ${deadLetters} set aside`;
  } catch (error) {
    await store.close();
    return String((error as Error).stack);
  }
}

function cpuMs(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

/** Thrice, because a collection of garbage may have fallen into one. */
async function isSlow(given: FuzzCase): Promise<boolean> {
  const chain = new InProcessChain();
  for (let i = 0; i < 3; i++) {
    const began = process.cpuUsage();
    await chain.take(given).catch(() => undefined);
    if (cpuMs(began) < LONGEST_MS) return false;
  }
  return true;
}

async function smallest(
  given: FuzzCase,
  fault: string,
  faultOf: (given: FuzzCase) => Promise<string | null>,
): Promise<Found> {
  const body = await minimise(given.body, async (shorter) => (await faultOf({ ...given, body: shorter })) !== null);
  return { given: { ...given, body }, fault };
}
