import type { Client, estypes } from '@elastic/elasticsearch';
import { StoreError } from '../../store.js';
import { asStoreError } from '../errors.js';
import type { IndexKind, IndexNames } from '../indices.js';
import { whenShardsAre } from '../when-shards-are.js';

export type Query = estypes.QueryDslQueryContainer;
export type Source = Record<string, unknown>;

/** Documents that one request may return. */
const PAGE = 10_000;

export interface Found<Document> {
  id: string;
  index: string;
  source: Document;
  sort: unknown[];
}

interface Answer<Document> {
  hits: Found<Document>[];
  total: number;
  aggregations: Record<string, Aggregation>;
}

export type SearchBody = Omit<estypes.SearchRequest, 'index'>;

/** Questions to the indices of a kind. Indices that are not there yet count as empty ones. */
export class Search {
  readonly client: Client;
  readonly names: IndexNames;

  constructor(client: Client, names: IndexNames) {
    this.client = client;
    this.names = names;
  }

  async ask<Document = Source>(kind: IndexKind, body: SearchBody, signal: AbortSignal): Promise<Answer<Document>> {
    return whenShardsAre(() => this.#askOnce<Document>(kind, body, signal), signal);
  }

  async #askOnce<Document>(kind: IndexKind, body: SearchBody, signal: AbortSignal): Promise<Answer<Document>> {
    try {
      const answer = await this.client.search<Document>(
        {
          index: this.names.alias(kind),
          ignore_unavailable: true,
          allow_no_indices: true,
          track_total_hits: false,
          ...body,
        },
        { signal },
      );
      // Half an answer would look like a whole one.
      if (answer._shards.failed > 0) {
        const reason = answer._shards.failures?.[0]?.reason.reason ?? '';
        throw new StoreError(
          'store_unavailable',
          `Some shards of ${this.names.alias(kind)} did not answer: ${reason}`,
          {
            retryable: true,
          },
        );
      }
      const total = answer.hits.total;
      return {
        hits: answer.hits.hits.map((hit) => ({
          id: hit._id ?? '',
          index: hit._index,
          source: hit._source ?? ({} as Document),
          sort: hit.sort ?? [],
        })),
        total: typeof total === 'number' ? total : (total?.value ?? 0),
        aggregations: (answer.aggregations ?? {}) as Record<string, Aggregation>,
      };
    } catch (error) {
      signal.throwIfAborted();
      throw asStoreError(error, 'reading');
    }
  }

  /** Up to `limit` documents in the order of `sort`, which has to be total; `truncated` when there were more. */
  async all<Document = Source>(
    kind: IndexKind,
    body: SearchBody & { sort: estypes.SortCombinations[] },
    limit: number,
    signal: AbortSignal,
  ): Promise<{ hits: Found<Document>[]; truncated: boolean }> {
    const hits: Found<Document>[] = [];
    let after: unknown[] | undefined;
    for (;;) {
      const size = Math.min(PAGE, limit + 1 - hits.length);
      const page = await this.ask<Document>(
        kind,
        { ...body, size, ...(after ? { search_after: after as estypes.SortResults } : {}) },
        signal,
      );
      hits.push(...page.hits);
      if (hits.length > limit) return { hits: hits.slice(0, limit), truncated: true };
      if (page.hits.length < size) return { hits, truncated: false };
      after = page.hits.at(-1)?.sort;
    }
  }

  /** Up to `limit` documents, as they all were at one moment, in no particular order unless one is asked for. */
  async everything<Document = Source>(
    kind: IndexKind,
    query: Query,
    limit: number,
    signal: AbortSignal,
    order?: estypes.SortOptions,
  ): Promise<{ documents: Document[]; truncated: boolean }> {
    const first = await this.ask<Document>(kind, { query, size: PAGE, ...(order ? { sort: [order] } : {}) }, signal);
    if (first.hits.length < PAGE) {
      const documents = first.hits.map(({ source }) => source);
      return { documents: documents.slice(0, limit), truncated: documents.length > limit };
    }
    try {
      const opened = await this.client.openPointInTime({ index: this.names.alias(kind), keep_alive: '1m' }, { signal });
      try {
        return await this.#pages<Document>(opened.id, query, limit, order, signal);
      } finally {
        await this.client.closePointInTime({ id: opened.id }).catch(() => {});
      }
    } catch (error) {
      signal.throwIfAborted();
      throw asStoreError(error, 'reading');
    }
  }

  async #pages<Document>(
    id: string,
    query: Query,
    limit: number,
    order: estypes.SortOptions | undefined,
    signal: AbortSignal,
  ) {
    const documents: Document[] = [];
    let after: estypes.SortResults | undefined;
    for (;;) {
      const { hits } = await this.client.search<Document>(
        {
          pit: { id, keep_alive: '1m' },
          query,
          size: PAGE,
          sort: [...(order ? [order] : []), { _shard_doc: 'asc' }],
          track_total_hits: false,
          ...(after ? { search_after: after } : {}),
        },
        { signal },
      );
      for (const hit of hits.hits) if (hit._source) documents.push(hit._source);
      if (documents.length > limit) return { documents: documents.slice(0, limit), truncated: true };
      if (hits.hits.length < PAGE) return { documents, truncated: false };
      after = hits.hits.at(-1)?.sort;
    }
  }

  async count(kind: IndexKind, query: Query, signal: AbortSignal): Promise<number> {
    const { total } = await this.ask(kind, { query, size: 0, track_total_hits: true }, signal);
    return total;
  }
}

/** Aggregations are named by us, so their shapes are known where they are read. */
export interface Aggregation {
  value?: number | null;
  value_as_string?: string;
  doc_count?: number;
  buckets?: Bucket[];
  /** Of terms: documents whose terms are not among the buckets. */
  sum_other_doc_count?: number;
  after_key?: Record<string, unknown>;
  values?: Record<string, number | null>;
}
export type Bucket = { key: unknown; key_as_string?: string; doc_count: number } & { [name: string]: Aggregation };

/** `[from_ms, to_ms)` of a time field. */
export function within(field: string, range: { from_ms: number; to_ms: number }): Query {
  return { range: { [field]: { gte: String(range.from_ms), lt: String(range.to_ms) } } };
}

/** Sort values as text, because nanoseconds do not fit a JSON number. */
export function byTime(order: 'asc' | 'desc'): estypes.SortCombinations {
  return { '@timestamp': { order, format: 'strict_date_optional_time_nanos', numeric_type: 'date_nanos' } };
}
