import type { DuckDBConnection } from '@duckdb/node-api';
import type { RunningQuestions } from './running-questions.js';
import type { Slice } from './slice.js';
import { attachFile } from './slice-file.js';

export interface AttachedSlicesOptions {
  connection: DuckDBConnection;
  questions: RunningQuestions;
  /** Options of DuckDB's ATTACH. */
  layout: string;
  /** Files that stay attached when no question needs more. */
  most: number;
  /** Whether only questions use a file, by its catalog. */
  mayLeave: (catalog: string) => boolean;
  warn: (sentence: string) => void;
}

interface Attachment {
  ready: Promise<void>;
  /** It is detached once the questions that may read it are over, unless somebody asks for it before. */
  isLeaving: boolean;
}

/**
 * Files of slices as DuckDB has them open. Each costs memory and descriptors, so those that were not used the longest are
 * detached when they are more than {@link AttachedSlicesOptions.most}. A question may use more for as long as it runs.
 */
export class AttachedSlices {
  readonly #options: AttachedSlicesOptions;
  /** By catalog, least recently used first. */
  readonly #attached = new Map<string, Attachment>();
  /** By catalog: being detached. */
  readonly #detaching = new Map<string, Promise<void>>();
  #trimming: Promise<void> | null = null;

  constructor(options: AttachedSlicesOptions) {
    this.#options = options;
  }

  /** Catalogs, least recently used first. */
  catalogs(): string[] {
    return [...this.#attached.keys()];
  }

  /** Resolves once the file is attached; it stays so until every question that runs now is over, at least. */
  async attach(file: Pick<Slice, 'catalog' | 'path'>): Promise<void> {
    const { catalog } = file;
    const known = this.#attached.get(catalog);
    const attachment = known ?? { ready: this.#open(file), isLeaving: false };
    attachment.isLeaving = false;
    this.#attached.delete(catalog);
    this.#attached.set(catalog, attachment);
    if (!known && this.#attached.size > this.#options.most) {
      this.#trimming ??= this.#trim().finally(() => {
        this.#trimming = null;
      });
    }
    try {
      await attachment.ready;
    } catch (error) {
      if (this.#attached.get(catalog) === attachment) this.#attached.delete(catalog);
      throw error;
    }
  }

  /** Detaches a file that nobody uses. */
  async detach(catalog: string): Promise<void> {
    const attachment = this.#attached.get(catalog);
    if (!attachment) return;
    this.#attached.delete(catalog);
    const detached = attachment.ready
      .then(() => this.#options.connection.run(`DETACH ${catalog}`))
      .then(() => undefined)
      .finally(() => this.#detaching.delete(catalog));
    this.#detaching.set(catalog, detached);
    await detached;
  }

  /** Detaches all; no question may be running any more. */
  async close(): Promise<void> {
    await this.#trimming;
    for (const catalog of this.catalogs()) await this.detach(catalog);
  }

  async #open({ path, catalog }: Pick<Slice, 'catalog' | 'path'>): Promise<void> {
    await this.#detaching.get(catalog)?.catch(() => undefined);
    await attachFile(this.#options.connection, path, catalog, this.#options.layout, this.#options.warn);
  }

  async #trim(): Promise<void> {
    for (;;) {
      const leaving = this.#leastUsed(this.#attached.size - this.#options.most);
      if (leaving.length === 0) return;
      for (const [, attachment] of leaving) attachment.isLeaving = true;
      await this.#options.questions.over();
      for (const [catalog, attachment] of leaving) {
        if (!attachment.isLeaving || !this.#isFree(catalog, attachment)) continue;
        // One that could not be detached is attached still: the next to ask for it is told of it.
        await this.detach(catalog).catch((error: Error) => this.#options.warn(error.message));
      }
    }
  }

  #leastUsed(count: number): [string, Attachment][] {
    const free: [string, Attachment][] = [];
    for (const [catalog, attachment] of this.#attached) {
      if (free.length >= count) break;
      if (this.#isFree(catalog, attachment)) free.push([catalog, attachment]);
    }
    return free;
  }

  #isFree(catalog: string, attachment: Attachment): boolean {
    return this.#attached.get(catalog) === attachment && this.#options.mayLeave(catalog);
  }
}
