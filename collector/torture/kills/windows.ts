import type { Step } from '../../src/self/step-trace.js';
import type { Role } from './victim.js';

/** A stretch of a process's life between two of its steps: what it had done, and not yet done, when it was killed. */
export interface Window {
  role: Role;
  /** The last step it reached; empty before the first. */
  after: Step | '';
  /** Whether the battery aims at it, or only sees it struck by chance. */
  aimed: boolean;
  text: string;
}

const window = (role: Role, after: Window['after'], text: string, aimed = true): Window => ({
  role,
  after,
  text,
  aimed,
});

export const WINDOWS: readonly Window[] = [
  window('ingest', '', 'start ... first step: the log is recovered', false),
  window('ingest', 'log.begun', 'segment begun ... first frames'),
  window('ingest', 'log.appended', 'append ... sync'),
  window('ingest', 'log.synced', 'sync ... durable mark'),
  window('ingest', 'log.marked', 'durable mark ... answer'),
  window('ingest', 'intake.answering', 'answer ... next append'),
  window('ingest', 'log.hashed', 'hashes kept ... segment deleted'),
  window('ingest', 'log.deleted', 'segment deleted ... next step'),
  window('store', '', 'start ... first step', false),
  window('store', 'store.attached', 'slice attached ... records read'),
  window('store', 'store.attempted', 'records read ... staged'),
  window('store', 'store.staged', 'staged ... insert'),
  window('store', 'store.inserted', 'insert ... commit (rows, figures and cursor)'),
  window('store', 'store.committed', 'commit ... log released'),
  // Aimed at in test/integration/store/renewal.test.ts.
  window('store', 'store.detached', 'slice detached ... attached anew', false),
  window('store', 'store.renewed', 'slice attached anew ... log released', false),
  window('store', 'store.released', 'log released ... next records'),
  // Aimed at, step by step, in test/integration/store/sealing.test.ts.
  window('store', 'seal.begun', 'slice to rewrite begun ... copied', false),
  window('store', 'seal.copied', 'rows copied ... built', false),
  window('store', 'seal.built', 'sealed slice built ... synced', false),
  window('store', 'seal.synced', 'sealed slice synced ... named', false),
  window('store', 'seal.renamed', 'sealed slice named ... in use', false),
  window('store', 'seal.replaced', 'sealed slice in use ... old one removed', false),
  window('store', 'seal.removed', 'old slice removed ... next step', false),
];

/** Counts where kills struck. */
export class Strikes {
  readonly #counts = new Map<Window, { aimed: number; chance: number }>();

  add(role: Role, after: string, isAimed: boolean): void {
    const struck = WINDOWS.find((known) => known.role === role && known.after === after);
    if (struck === undefined) throw new Error(`The ${role} process was killed after an unknown step: ${after}`);
    const counts = this.#counts.get(struck) ?? { aimed: 0, chance: 0 };
    counts[isAimed ? 'aimed' : 'chance'] += 1;
    this.#counts.set(struck, counts);
  }

  of(struck: Window): number {
    const { aimed, chance } = this.#counts.get(struck) ?? { aimed: 0, chance: 0 };
    return aimed + chance;
  }

  /** Window by window, for people. */
  table(): string {
    const lines = WINDOWS.map((each) => {
      const { aimed, chance } = this.#counts.get(each) ?? { aimed: 0, chance: 0 };
      return `  ${each.role.padEnd(7)} ${each.text.padEnd(46)} ${String(aimed).padStart(5)} ${String(chance).padStart(7)}`;
    });
    return ['  process between                                        aimed  chance', ...lines].join('\n');
  }
}
