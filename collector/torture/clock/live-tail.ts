import { setTimeout as wait } from 'node:timers/promises';

const AGAIN_MS = 500;

/** Follows `/logs/tail` as a browser does, again after it ended, and keeps the bodies of the lines that came. */
export class LiveTail {
  readonly bodies = new Set<string>();
  /** It follows: what is stored from now on comes. */
  follows = false;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(ui: string) {
    this.#running = this.#followAgain(`${ui}/api/orrery/v1/logs/tail`);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #followAgain(url: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#follow(url).catch(() => undefined);
      this.follows = false;
      await wait(AGAIN_MS);
    }
  }

  async #follow(url: string): Promise<void> {
    const answer = await fetch(url, { signal: this.#stop.signal });
    if (answer.body === null) return;
    let rest = '';
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      // The first is sent once it knows where to begin.
      this.follows ||= events.length > 0;
      for (const event of events) {
        const data = /^event: log\ndata: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) this.bodies.add((JSON.parse(data) as { body: string }).body);
      }
    }
  }
}
