import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Found, InProcessFigures, InProcessOptions } from './in-process-run.js';
import { keepRegression } from './regressions.js';

const program = fileURLToPath(new URL('in-process-program.ts', import.meta.url));
/** Without a word for so long it hangs: hundreds of cases, a write and starting take less on the busiest machine. */
const SILENCE_MS = 60_000;

type Message = { figures: InProcessFigures } | { found: (Found & { given: { body: string } }) | null };

/**
 * Cases `0 … count - 1` of a seed, in `processes` processes.
 * @throws Error with the seed and the body of what did harm; it is kept among the regressions.
 */
export async function inProcess(
  options: { seed: number; count: number; untilMs: number; processes: number },
  progress: (figures: InProcessFigures) => void = () => undefined,
): Promise<InProcessFigures> {
  const latest: InProcessFigures[] = [];
  const stop = new AbortController();
  const parts = Array.from({ length: options.processes }, (_, from) => {
    const { seed, count: to, untilMs, processes: step } = options;
    return part({ seed, from, step, to, untilMs }, stop.signal, (figures) => {
      latest[from] = figures;
      progress(together(latest));
    });
  });
  await Promise.all(parts).finally(() => stop.abort());
  return together(latest);
}

function part(
  options: Omit<InProcessOptions, 'progress'>,
  stop: AbortSignal,
  progress: (figures: InProcessFigures) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [JSON.stringify(options)], {
      execArgv: ['--import', 'tsx', '--max-old-space-size=1024'],
      signal: stop,
      killSignal: 'SIGKILL',
    });
    let cases = 0;
    let silence: NodeJS.Timeout | undefined;
    const fail = (sentence: string) => {
      child.kill('SIGKILL');
      const at = options.from + cases * options.step;
      reject(new Error(`${sentence}; seed ${options.seed}, at or soon after case ${at}`));
    };
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => fail(`Nothing was heard for ${SILENCE_MS / 1000} s`), SILENCE_MS);
    };
    heard();
    child.on('message', (message: Message) => {
      heard();
      if ('figures' in message) {
        cases = message.figures.cases;
        progress(message.figures);
      } else if (message.found === null) resolve();
      else {
        const given = { ...message.found.given, body: Buffer.from(message.found.given.body, 'hex') };
        const file = keepRegression(given, message.found.fault);
        const { origin, path } = given;
        reject(
          new Error(`${message.found.fault}\n${origin}: ${path} ${file}\n${given.body.toString('hex').slice(0, 4000)}`),
        );
      }
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(silence);
      if (code !== 0) fail(`The process ended with ${signal ?? code}`);
    });
  });
}

function together(figures: InProcessFigures[]): InProcessFigures {
  const sum: InProcessFigures = { cases: 0, statuses: {}, items: 0, slowestMs: 0, largestRss: 0 };
  for (const one of figures) {
    if (one === undefined) continue;
    sum.cases += one.cases;
    sum.items += one.items;
    sum.slowestMs = Math.max(sum.slowestMs, one.slowestMs);
    sum.largestRss = Math.max(sum.largestRss, one.largestRss);
    for (const [status, count] of Object.entries(one.statuses)) {
      sum.statuses[status] = (sum.statuses[status] ?? 0) + count;
    }
  }
  return sum;
}
