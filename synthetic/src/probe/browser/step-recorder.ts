import { stripVTControlCharacters } from 'node:util';
import type { Span } from '@opentelemetry/api';
import type { CheckStep } from '@orrery/collector/api';
import type { Page } from 'playwright';
import type { ProbeContext } from '../probe.js';
import { failSpan } from '../run-trace.js';
import { Name } from '../vocabulary.js';

/** Runs the steps of a journey: a span and a line in the report each, and a picture when one fails. */
export class StepRecorder {
  readonly steps: CheckStep[] = [];
  readonly #run: ProbeContext;
  readonly #page: Page;
  readonly #open: { name: string; span: Span; began: number }[] = [];

  constructor(run: ProbeContext, page: Page) {
    this.#run = run;
    this.#page = page;
  }

  /** The span that a request belongs to now. */
  get currentSpan(): Span {
    return this.#open.at(-1)?.span ?? this.#run.trace.root;
  }

  readonly step = async <T>(name: string, body: () => Promise<T>): Promise<T> => {
    const span = this.#run.trace.child(name, this.currentSpan, {
      [Name.step]: name,
      [Name.attempt]: this.#run.attempt,
    });
    const entry = { name, span, began: performance.now() };
    this.#open.push(entry);
    try {
      const result = await body();
      if (this.#close(entry)) {
        span.end();
        this.#add(entry, 'pass', '', null);
      }
      return result;
    } catch (error) {
      const message = this.message(error);
      const artifact = await this.picture();
      if (this.#close(entry)) {
        failSpan(span, message);
        this.#add(entry, 'fail', message, artifact);
      }
      throw error;
    }
  };

  /** Fails the steps that are still under way, innermost first: the run is out of time. */
  failOpen(message: string, artifact: string | null): void {
    for (const entry of [...this.#open].reverse()) {
      failSpan(entry.span, message, 'timeout');
      this.#add(entry, 'fail', message, artifact);
    }
    this.#open.length = 0;
  }

  /** Id of a screenshot of the page as it is now; null when it cannot be taken. */
  async picture(): Promise<string | null> {
    try {
      return await this.#run.artifacts(await this.#page.screenshot({ timeout: 3000 }), 'image/png');
    } catch {
      return null;
    }
  }

  /** The error as one readable line, without colours and secrets. */
  message(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    // Playwright colours its messages.
    const lines = stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.trim());
    const end = lines.findIndex((line) => line.startsWith('Call log:'));
    const kept = lines.slice(0, end < 0 ? undefined : end).filter((line) => line !== '');
    return this.#run.mask(kept.join(' · ')).slice(0, 1024);
  }

  #close(entry: { name: string; span: Span; began: number }): boolean {
    const index = this.#open.indexOf(entry);
    if (index >= 0) this.#open.splice(index, 1);
    return index >= 0;
  }

  #add(entry: { name: string; began: number }, outcome: CheckStep['outcome'], error: string, artifact: string | null) {
    const duration_ms = Math.round(performance.now() - entry.began);
    this.steps.push({ name: entry.name, outcome, duration_ms, error, artifact });
  }
}
