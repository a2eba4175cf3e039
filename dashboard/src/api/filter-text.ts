/** A value as the query language takes it whatever stands in it. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** `field:"value"`, or `NOT field:"value"`. */
export function clause(field: string, value: string | number | boolean, wanted = true): string {
  const text = `${field}:${typeof value === 'string' ? quoted(value) : String(value)}`;
  return wanted ? text : `NOT ${text}`;
}

/**
 * `field:value` for a value of a facet, which comes as text whatever it was: what looks like a number or a boolean stays
 * outside quotes, because a quoted value matches strings only.
 */
export function facetClause(field: string, value: string, wanted = true): string {
  const literal = /^(-?\d+(\.\d+)?|true|false)$/.test(value);
  return literal ? `${wanted ? '' : 'NOT '}${field}:${value}` : clause(field, value, wanted);
}

/** Both hold; an empty one means everything. A filter with `OR` in it is kept together. */
export function both(filter: string, more: string): string {
  const first = filter.trim();
  if (!first) return more;
  if (!more || first === more || first.split(' AND ').includes(more)) return first;
  return `${/\bOR\b/.test(first) ? `(${first})` : first} AND ${more}`;
}

/** The filter without one of its top clauses. */
export function without(filter: string, part: string): string {
  return filter
    .split(' AND ')
    .filter((candidate) => candidate !== part)
    .join(' AND ');
}

/** Whether the clause stands in the filter as one of its top ones. */
export function holds(filter: string, part: string): boolean {
  return filter.split(' AND ').includes(part);
}
