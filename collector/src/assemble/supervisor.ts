import { type ChildProcess, fork } from 'node:child_process';
import { env as environment } from 'node:process';
import type { Logger } from 'pino';
import type { OrreryConfig } from '../config/schema.js';
import type { RoleName } from './role.js';
import type { FromRole, ToRole } from './supervised-messages.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** A process that ran this long was well: its next end starts from the shortest pause again. */
const WELL_AFTER_MS = 30_000;
const STOP_PATIENCE_MS = 15_000;
/**
 * Half of V8's own young generation: bodies hang on objects in it, and are given back when it is full. It takes a third
 * less memory where much comes in.
 */
const NODE_OPTIONS = [...process.execArgv, '--max-semi-space-size=8'];

/**
 * For glibc; whoever sets one of them decides. Half a dozen threads allocate, each from an arena of its own that keeps
 * what was freed; and pieces of some megabytes leave holes that nothing fits into, unless they are mapped and given back
 * one by one. Doing so from 256 KiB on saves some 20 MB more, and costs seven percent of the CPU.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '4194304' };

/** A process could not be started the first time; the message is a sentence for a person. */
export class StartFailure extends Error {
  readonly code = 'start_failed';
  readonly retryable = false;
}

export interface Supervised {
  /** What the process said when it came up the first time. @throws StartFailure */
  started: Promise<string>;
  /** From now on an end is no trouble: who stops a whole group of processes sends each of them the signal. */
  expectEnd(): void;
  stop(): Promise<void>;
}

/**
 * Keeps one process of the collector running: a process that ends is started again after a growing pause. The channel to
 * it is what ties them together: when this process dies, however it dies, the channel closes and the other stops.
 */
export function supervise(
  role: RoleName,
  options: { program: string; config: OrreryConfig; logger: Logger },
): Supervised {
  const { program, config, logger } = options;
  let child: ChildProcess | null = null;
  let stopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let ended: Promise<void> = Promise.resolve();
  let settle: { resolve: (sentence: string) => void; reject: (error: Error) => void } | null = null;
  const started = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });

  const start = (): void => {
    const startedMs = performance.now();
    const process = fork(program, [role, '--supervised'], {
      execArgv: NODE_OPTIONS,
      env: { ...ALLOCATOR, ...environment },
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = process;
    send(process, { kind: 'start', config });
    let sentence = '';
    process.on('message', (message: FromRole) => {
      sentence = message.sentence;
      if (message.kind === 'running') settle?.resolve(sentence);
      if (message.kind === 'running') settle = null;
      else logger.error({ role }, sentence);
    });
    ended = new Promise((resolve) => {
      const onEnd = (how: string): void => {
        if (child !== process) return;
        child = null;
        resolve();
        if (stopping) return;
        if (settle) {
          settle.reject(
            new StartFailure(sentence === '' ? `The ${role} process ended while it started (${how}).` : sentence),
          );
          settle = null;
          stopping = true;
          return;
        }
        if (performance.now() - startedMs > WELL_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
        logger.warn({ role, how, pause_ms: pauseMs }, 'a process ended and is started again');
        timer = setTimeout(start, pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      };
      process.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
      process.once('error', (error) => onEnd(error.message));
    });
  };
  start();

  const expectEnd = (): void => {
    stopping = true;
    clearTimeout(timer);
  };
  return {
    started,
    expectEnd,
    async stop() {
      expectEnd();
      const process = child;
      if (!process) return;
      send(process, { kind: 'stop' });
      const kill = setTimeout(() => process.kill('SIGKILL'), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** A message to a process that is just ending is lost without harm: its end is seen. */
function send(process: ChildProcess, message: ToRole): void {
  if (process.connected) process.send(message, () => undefined);
}
