export const CPU = 'CPU, µs a request';

/** Told as they are; of all others what is told is how much more it is than without an agent, in the same round. */
const AS_IS = new Set(['spans a request', 'log records a request', 'bytes sent a request']);
export const isAsItIs = (figure) => AS_IS.has(figure);
/** Told as a percentage of what it is without an agent. */
export const isRelative = (figure) => figure === 'requests a second';

/** A median with the smallest and the largest of what it is the median of. */
export class Spread {
  /** @param {number[]} values at least one */
  constructor(values) {
    this.sorted = [...values].sort((left, right) => left - right);
  }

  get median() {
    const middle = (this.sorted.length - 1) / 2;
    return (this.sorted[Math.floor(middle)] + this.sorted[Math.ceil(middle)]) / 2;
  }

  get low() {
    return this.sorted[0];
  }

  get high() {
    return this.sorted.at(-1);
  }
}

/** Measured values, by subject (a workload), figure, variant and round. */
export class Results {
  /** @type {Map<string, Map<string, Map<string, Map<number, number>>>>} */
  subjects = new Map();
  round = 0;

  note(subject, figure, variant, value) {
    const rounds = within(within(within(this.subjects, subject), figure), variant);
    rounds.set(this.round, value);
  }

  /** As it was measured, a value a round. */
  measured(subject, figure, variant) {
    return spreadOf(this.subjects.get(subject)?.get(figure)?.get(variant)?.values() ?? []);
  }

  /** What the agent adds, round by round: each is compared with the run without an agent that stood beside it. */
  added(subject, figure, variant) {
    return spreadOf(this.addedByRound(subject, figure, variant).values());
  }

  /** What one agent adds, as a part of what another adds. */
  ratio(subject, figure, variant, other) {
    const others = this.addedByRound(subject, figure, other);
    const own = [...this.addedByRound(subject, figure, variant)].filter(([round]) => others.has(round));
    return spreadOf(own.map(([round, value]) => value / others.get(round)));
  }

  /** How much more one agent adds to one subject than to another, round by round. */
  difference(figure, variant, subject, other) {
    const others = this.addedByRound(other, figure, variant);
    const own = [...this.addedByRound(subject, figure, variant)].filter(([round]) => others.has(round));
    return spreadOf(own.map(([round, value]) => value - others.get(round)));
  }

  addedByRound(subject, figure, variant) {
    const byVariant = this.subjects.get(subject)?.get(figure);
    const own = byVariant?.get(variant) ?? new Map();
    if (isAsItIs(figure)) return own;
    const without = byVariant?.get('none') ?? new Map();
    const both = [...own].filter(([round]) => without.has(round));
    return new Map(both.map(([round, value]) => [round, more(figure, value, without.get(round))]));
  }
}

function more(figure, value, without) {
  return isRelative(figure) ? (value / without - 1) * 100 : value - without;
}

function spreadOf(values) {
  const list = [...values];
  return list.length === 0 ? undefined : new Spread(list);
}

function within(map, key) {
  const known = map.get(key) ?? new Map();
  map.set(key, known);
  return known;
}
