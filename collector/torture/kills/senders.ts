import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../fuzz/random.js';
import type { Telemetry } from './telemetry.js';

/** What a sender knows of a request: 200, or nothing, since the answer was lost and it gave up. */
export type Fate = 'acknowledged' | 'unknown';

const GIVES_UP = 0.2;
const SENDS_AGAIN = 0.04;
const LONGEST_LATE_MS = 15_000;
const RETRY_MS = 30;

export interface SenderOptions {
  telemetry: Telemetry;
  port: number;
  random: Random;
  senders: number;
  /** Pause of each sender between two requests. */
  pauseMs: number;
}

/**
 * Senders as OTLP wants them: who hears no answer sends the same bytes again. Some give up instead, and some send again
 * what was acknowledged long before.
 */
export class Senders {
  readonly fates: Fate[] = [];
  readonly #options: SenderOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #again: { n: number; dueMs: number }[] = [];
  #refused = 0;
  #next = 0;
  #stopping = false;
  #running: Promise<void>[] = [];

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Answers other than 200: the sender waited and sent again. */
  get refused(): number {
    return this.#refused;
  }

  get acknowledged(): number {
    return this.fates.filter((fate) => fate === 'acknowledged').length;
  }

  start(): void {
    this.#running = Array.from({ length: this.#options.senders }, () => this.#send());
  }

  /** Resolves once every request has its fate; the intake must be up. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
    for (const { n } of this.#again) await this.#untilAnswered(n);
    this.#agent.destroy();
  }

  async #send(): Promise<void> {
    const { random, pauseMs } = this.#options;
    while (!this.#stopping) {
      const late = this.#again.findIndex(({ dueMs }) => dueMs <= performance.now());
      if (late !== -1) {
        const [{ n }] = this.#again.splice(late, 1) as [{ n: number; dueMs: number }];
        await this.#untilAnswered(n);
      }
      const n = this.#next++;
      this.fates[n] = 'unknown';
      const givesUp = random.chance(GIVES_UP);
      if ((await this.#post(n)) || (!givesUp && (await this.#untilAnswered(n)))) {
        this.fates[n] = 'acknowledged';
        if (random.chance(SENDS_AGAIN)) {
          this.#again.push({ n, dueMs: performance.now() + random.next() * LONGEST_LATE_MS });
        }
      }
      await wait(pauseMs);
    }
  }

  async #untilAnswered(n: number): Promise<true> {
    while (!(await this.#post(n))) await wait(RETRY_MS);
    return true;
  }

  #post(n: number): Promise<boolean> {
    const { path, headers, bytes } = this.#options.telemetry.body(n);
    return new Promise((resolve) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#options.port,
          agent: this.#agent,
          path,
          method: 'POST',
          headers: { ...headers, 'Content-Length': bytes.length },
        },
        (answer) => {
          answer.resume();
          answer.once('end', () => {
            if (answer.statusCode !== 200) this.#refused += 1;
            resolve(answer.statusCode === 200);
          });
          answer.once('error', () => resolve(false));
        },
      );
      sent.once('error', () => resolve(false));
      sent.end(bytes);
    });
  }
}
