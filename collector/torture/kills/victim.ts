import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepLog } from './step-log.js';

/** The processes that keep the promise; each is killed by itself. */
export type Role = 'ingest' | 'store';

const preloadFolder = fileURLToPath(new URL('preload', import.meta.url));
const START_MS = 60_000;
const MAX_OUTPUT = 20_000;

export interface VictimOptions {
  /** Node's arguments that lead to the program: its built file, or its source with a loader. */
  program: readonly string[];
  dataDir: string;
  /** Files of the battery: traces of steps, orders to hold. */
  workDir: string;
  otlpPort: number;
  /** Names in `preload/` that change the process. */
  preloads: Record<Role, readonly string[]>;
  /** Configuration as the environment says it. */
  env: Record<string, string>;
}

/** One real process of the collector, started and killed again and again. */
export class Victim {
  readonly role: Role;
  readonly steps: StepLog;
  readonly #options: VictimOptions;
  readonly #holdFile: string;
  #child: ChildProcess | null = null;
  #output = '';
  #expected = false;

  constructor(role: Role, options: VictimOptions) {
    this.role = role;
    this.#options = options;
    this.#holdFile = path.join(options.workDir, `${role}.hold`);
    this.steps = new StepLog(path.join(options.workDir, `${role}.steps`));
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What it said on stderr lately. */
  get output(): string {
    return this.#output;
  }

  /** True when it ended without being told to. */
  get crashed(): boolean {
    return this.#child !== null && !this.#expected && (this.#child.exitCode ?? this.#child.signalCode) !== null;
  }

  /** Resolves once it runs; false when it was killed before. */
  async start(): Promise<boolean> {
    const { program, dataDir, workDir, otlpPort, preloads, env } = this.#options;
    const imports = ['hold', ...preloads[this.role]].flatMap((name) => [
      '--import',
      path.join(preloadFolder, `${name}.mjs`),
    ]);
    const child = spawn(
      process.execPath,
      [...imports, ...program, this.role, `--data-dir=${dataDir}`, `--otlp-port=${otlpPort}`],
      {
        cwd: workDir,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          ORRERY_SELF__STEP_TRACE: this.steps.file,
          TORTURE_HOLD: this.#holdFile,
          TORTURE_CLOCK: path.join(workDir, 'clock'),
          TORTURE_SYNCED: path.join(workDir, 'synced'),
          TORTURE_DATA: dataDir,
          ...env,
        },
      },
    );
    this.#child = child;
    this.#expected = false;
    let said = '';
    const running = new Promise<boolean>((resolve) => {
      child.stderr?.on('data', (data: Buffer) => {
        this.#output = (this.#output + data.toString()).slice(-MAX_OUTPUT);
        if (said.length < MAX_OUTPUT) said += data.toString();
        if (said.includes(' runs: ')) resolve(true);
      });
      child.once('exit', () => resolve(false));
      setTimeout(() => resolve(false), START_MS).unref();
    });
    const isRunning = await running;
    if (!isRunning && !this.#expected) throw new Error(`The ${this.role} process does not start:\n${said}`);
    return isRunning;
  }

  /** Freezes it when it reaches the step for the `count`-th time from now. */
  hold(step: string, count: number): void {
    writeFileSync(this.#holdFile, `${step} ${count}`);
  }

  letGo(): void {
    rmSync(this.#holdFile, { force: true });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    this.#expected = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
