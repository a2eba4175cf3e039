/** Follows `/logs/tail` as a browser does and keeps the bodies of the lines that came. */
export class LiveTail {
  readonly bodies = new Set<string>();
  readonly #stop = new AbortController();
  /** Resolves once it follows: what is stored from then on comes. */
  readonly following: Promise<void>;
  readonly #running: Promise<void>;

  constructor(ui: string) {
    let follows: () => void = () => undefined;
    this.following = new Promise((resolve) => {
      follows = resolve;
    });
    this.#running = this.#follow(`${ui}/api/orrery/v1/logs/tail`, follows).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #follow(url: string, follows: () => void): Promise<void> {
    const answer = await fetch(url, { signal: this.#stop.signal });
    if (answer.body === null) return;
    let rest = '';
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      if (events.length > 0) follows();
      for (const event of events) {
        const data = /^event: log\ndata: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) this.bodies.add((JSON.parse(data) as { body: string }).body);
      }
    }
  }
}
