import { figure } from './figure.mjs';

/** Figures of several rounds of one measurement: each is shown as its median, with the least and the most beside it. */
export class Rounds {
  #order = [];
  #values = new Map();

  add(label, value, unit, digits = 0) {
    const known = this.#values.get(label);
    if (known) known.values.push(value);
    else {
      this.#values.set(label, { values: [value], unit, digits });
      this.#order.push(label);
    }
  }

  print() {
    for (const label of this.#order) {
      const { values, unit, digits } = this.#values.get(label);
      const text = (value) => value.toFixed(digits);
      const sorted = [...values].sort((a, b) => a - b);
      const spread = sorted.length > 1 ? ` (${text(sorted[0])}–${text(sorted.at(-1))})` : '';
      figure(label, text(median(sorted)), unit + spread);
    }
  }
}

/** Of numbers in order. */
export function median(sorted) {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
