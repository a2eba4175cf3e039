import type { estypes } from '@elastic/elasticsearch';
import type { CompareOp, FilterValue } from '../../../query/ast.js';
import { mayBeField, sortableNumber, termOf, termRange } from '../attribute-terms.js';

type Query = estypes.QueryDslQueryContainer;

/** Whose attributes: the item's own, or its resource's. */
type Owner = 'attributes' | 'resource';

const RANGE_OPS = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

/**
 * A condition on an attribute, which is looked for on the item first and on its resource only when the item has none of
 * that name. Every condition asks the typed fields and the terms of keys that have none (mappings.ts).
 */
export function attributeQuery(key: string, condition: (owner: Owner) => Query): Query {
  return anyOf([
    condition('attributes'),
    { bool: { filter: [condition('resource')], must_not: [attributeThere('attributes', key)] } },
  ]);
}

export function attributeExists(key: string): Query {
  return attributeQuery(key, (owner) => attributeFilled(owner, key));
}

export function attributeCompare(key: string, op: CompareOp, value: FilterValue): Query {
  return attributeQuery(key, (owner) => compareOn(owner, key, op, value));
}

/** Strings only, case-insensitive in ASCII: Lucene's own rule is the same. */
export function attributeWildcard(key: string, pattern: string): Query {
  return attributeQuery(key, (owner) => {
    const { from, to } = termRange(key);
    const literal = termOf(key, '').replace(/[*?\\]/g, '\\$&');
    return anyOf([
      ...field(key, `${owner}.str`, (name) => wildcard(name, pattern)),
      {
        bool: {
          filter: [
            { range: { [`${owner}.more.str`]: { gte: from, lt: to } } },
            wildcard(`${owner}.more.str`, literal + pattern),
          ],
        },
      },
    ]);
  });
}

/** Whether the owner has the attribute at all, empty or not. */
export function attributeThere(owner: Owner, key: string): Query {
  return anyOf([
    ...field(key, `${owner}.str`, (name) => ({ exists: { field: name } })),
    { term: { [`${owner}.more.blank`]: key } },
    attributeFilled(owner, key),
  ]);
}

function attributeFilled(owner: Owner, key: string): Query {
  const { from, to } = termRange(key);
  return anyOf([
    ...field(key, `${owner}.str`, (name) => ({ range: { [name]: { gt: '' } } })),
    ...field(key, `${owner}.num`, (name) => ({ exists: { field: name } })),
    ...field(key, `${owner}.bool`, (name) => ({ exists: { field: name } })),
    { term: { [`${owner}.more.there`]: key } },
    { range: { [`${owner}.more.str`]: { gt: from, lt: to } } },
    { range: { [`${owner}.more.num`]: { gte: from, lt: to } } },
    { range: { [`${owner}.more.bool`]: { gte: from, lt: to } } },
  ]);
}

function compareOn(owner: Owner, key: string, op: CompareOp, value: FilterValue): Query {
  const text = (content: string) => [
    ...field(key, `${owner}.str`, (name): Query => ({ term: { [name]: content } })),
    { term: { [`${owner}.more.str`]: termOf(key, content) } },
  ];
  if (op !== '=') return value.type === 'number' ? numberRange(owner, key, op, value.number) : { match_none: {} };
  switch (value.type) {
    case 'string':
      return anyOf(text(value.text));
    case 'boolean':
      return anyOf([
        ...field(key, `${owner}.bool`, (name): Query => ({ term: { [name]: value.value } })),
        { term: { [`${owner}.more.bool`]: termOf(key, String(value.value)) } },
        ...text(value.text),
      ]);
    case 'number': {
      const exact = exactInteger(value);
      if (exact !== null) {
        return anyOf([
          ...field(key, `${owner}.int`, (name): Query => ({ term: { [name]: exact } })),
          { term: { [`${owner}.more.str`]: termOf(key, exact) } },
          ...text(value.text),
        ]);
      }
      return anyOf([
        ...field(key, `${owner}.num`, (name): Query => ({ term: { [name]: value.number } })),
        { term: { [`${owner}.more.num`]: termOf(key, sortableNumber(value.number)) } },
        ...text(value.text),
      ]);
    }
  }
}

function numberRange(owner: Owner, key: string, op: keyof typeof RANGE_OPS, number: number): Query {
  const { from, to } = termRange(key);
  const bound = termOf(key, sortableNumber(number));
  const terms: estypes.QueryDslTermRangeQuery = { gte: from, lt: to };
  if (op === '>' || op === '>=') delete terms.gte;
  else delete terms.lt;
  terms[RANGE_OPS[op]] = bound;
  return anyOf([
    ...field(key, `${owner}.num`, (name): Query => ({ range: { [name]: { [RANGE_OPS[op]]: number } } })),
    { range: { [`${owner}.more.num`]: terms } },
  ]);
}

/** The digits of a whole number that a double might change; null where doubles are compared. */
function exactInteger(value: { number: number; text: string }): string | null {
  if (!Number.isInteger(value.number) || Math.abs(value.number) < 2 ** 53) return null;
  const digits = /^-?\d+$/.test(value.text) ? BigInt(value.text) : BigInt(value.number);
  return digits >= 2n ** 53n || digits <= -(2n ** 53n) ? digits.toString() : null;
}

/** A condition on the key's own field, where a key of that name can have one. */
function field(key: string, place: string, condition: (name: string) => Query): Query[] {
  return mayBeField(key) ? [condition(`${place}.${key}`)] : [];
}

export function wildcard(name: string, pattern: string): Query {
  return { wildcard: { [name]: { value: pattern, case_insensitive: true } } };
}

export function anyOf(queries: Query[]): Query {
  return queries.length === 1 && queries[0] ? queries[0] : { bool: { should: queries, minimum_should_match: 1 } };
}
