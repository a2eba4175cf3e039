import type { Field, FieldList, FieldValues } from '../../../api/contract/index.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { COLUMNS, type FilterSignal } from '../../../query/columns.js';
import { fieldOf } from '../../answers/field-of.js';
import { mostFrequent } from '../../answers/most-frequent.js';
import { sagaValues } from '../../answers/saga-values.js';
import type * as Question from '../../question.js';
import { itemQuery } from './aggregate-reader.js';
import { attributesOf } from './attributes.js';
import { fieldVariants } from './field-variants.js';
import type { FactsAsked } from './saga-facts.js';
import { foldSagas } from './saga-reader.js';
import { byTime, type Search, type Source } from './search.js';

/** Items whose attributes are looked at, the newest first. */
const SAMPLE = 1000;
/** Values of which those that begin as asked for are chosen. */
const CHOSEN_FROM = 10_000;
/** Elasticsearch's own limit is a thousand. */
const LONGEST_PATTERN = 900;

/** The signal's columns, and the attributes of a sample of what matches. */
export async function readFields(search: Search, question: Question.Fields, signal: AbortSignal): Promise<FieldList> {
  const fields = new Map<string, Field>();
  for (const column of columnsOf(question.signal)) fields.set(column.name, column);
  if (question.signal === 'sagas') return { fields: [...fields.values()], truncated: false, sampled: false };
  const { hits } = await search.ask<Source>(
    question.signal,
    {
      query: itemQuery(question, question.signal),
      sort: [byTime('desc')],
      size: SAMPLE + 1,
      _source: ['attributes', 'resource'],
    },
    signal,
  );
  for (const { source } of hits.slice(0, SAMPLE)) {
    for (const owner of ['attributes', 'resource'] as const) {
      for (const [name, value] of Object.entries(attributesOf(source[owner]))) {
        if (value === null || (typeof value === 'object' && !Array.isArray(value))) continue;
        const type = typeOf(Array.isArray(value) ? value[0] : value);
        const id = `${owner} ${name}`;
        const known = fields.get(id);
        if (!known) fields.set(id, { name, type, source: owner === 'attributes' ? 'attribute' : 'resource' });
        else if (known.type !== type) fields.set(id, { ...known, type: 'mixed' });
      }
    }
  }
  return { fields: [...fields.values()], truncated: false, sampled: hits.length > SAMPLE };
}

export async function readFieldValues(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Question.FieldValues,
  signal: AbortSignal,
): Promise<FieldValues> {
  const { search } = asked;
  if (question.signal === 'sagas') {
    const { sagas, sampled } = await foldSagas(asked, definitions, { ...question, synthetic: 'include' }, signal);
    return { ...sagaValues(sagas, question), sampled };
  }
  const query = itemQuery(question, question.signal);
  const variants = await fieldVariants(
    search,
    question.signal,
    query,
    fieldOf(question.field, question.signal),
    signal,
  );
  const counts = new Map<string, number>();
  let sampled = false;
  for (const variant of variants) {
    const wanted = question.limit + 1;
    const include = variant.begins && beginningWith(variant.begins(question.prefix));
    const { aggregations } = await search.ask(
      question.signal,
      {
        query: { bool: { filter: [query, variant.there] } },
        size: 0,
        // Numbers know no prefix: enough of them are fetched to choose from here.
        aggs: {
          values: {
            terms: {
              field: variant.field,
              size: question.prefix === '' ? wanted * 5 : CHOSEN_FROM,
              ...(include ? { include } : {}),
            },
          },
        },
      },
      signal,
    );
    const { buckets = [], sum_other_doc_count: others = 0 } = aggregations['values'] ?? {};
    let chosen = 0;
    for (const bucket of buckets) {
      const text = variant.text(bucket.key_as_string ?? bucket.key);
      if (text === null || text === '' || !text.startsWith(question.prefix)) continue;
      chosen += 1;
      counts.set(text, (counts.get(text) ?? 0) + bucket.doc_count);
    }
    // Among those that were not fetched there may be more that are asked for.
    if (others > 0 && chosen < Math.min(wanted, buckets.length)) sampled = true;
  }
  return { ...mostFrequent(counts, question.limit), sampled };
}

/** All terms that begin with a text, in Lucene's regular expressions; null where it is too long for one. */
function beginningWith(text: string): string | null {
  const escaped = text.replaceAll(/[.?+*|{}[\]()"\\#@&<>~]/g, '\\$&');
  return text === '' || escaped.length > LONGEST_PATTERN ? null : `${escaped}.*`;
}

function columnsOf(signal: FilterSignal): Field[] {
  return Object.entries(COLUMNS)
    .filter(([, column]) => column.signals.includes(signal))
    .map(([name, { type }]) => ({
      name,
      type: type === 'number' || type === 'duration' ? 'number' : type === 'boolean' ? 'boolean' : 'string',
      source: 'field',
    }));
}

function typeOf(value: unknown): Field['type'] {
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'string';
}
