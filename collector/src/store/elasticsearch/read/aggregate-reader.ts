import type { estypes } from '@elastic/elasticsearch';
import type { AggregateGroup, AggregateResult, Measure } from '../../../api/contract/index.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { aggregateSagas } from '../../answers/aggregate-sagas.js';
import { fieldOf } from '../../answers/field-of.js';
import { gridOf, gridWith, type StepGrid } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { fieldVariants, type Variant } from './field-variants.js';
import { filterQuery } from './filter-query.js';
import { GroupTotals, type MeasurePlan, measureAggregations } from './measures.js';
import type { FactsAsked } from './saga-facts.js';
import { foldSagas } from './saga-reader.js';
import { environmentQueries, syntheticQueries } from './scope.js';
import { type Bucket, type Query, type Search, within } from './search.js';
import { stepHistogram, stepOf } from './steps.js';

/** Groups that are looked at before the largest are kept; beyond, the answer says that it is not over everything. */
const MOST_GROUPS = 20_000;
const GROUPS_AT_ONCE = 1000;
const POINTS = 60;

export async function readAggregate(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Question.Aggregate,
  signal: AbortSignal,
): Promise<AggregateResult> {
  const { search } = asked;
  const { signal: kind, range } = question;
  const grid = gridFor(question);
  if (kind === 'sagas') {
    const { sagas, sampled } = await foldSagas(asked, definitions, question, signal);
    return { ...aggregateSagas(sagas, question, grid), sampled };
  }
  const query = itemQuery(question, kind);
  const places = await Promise.all(
    question.group_by.map((name) => fieldVariants(search, kind, query, fieldOf(name, kind), signal)),
  );
  const plans = await Promise.all(question.measures.map((measure) => planOf(search, kind, query, measure, signal)));
  const groups = new Map<string, GroupTotals>();
  const truncated = await collect(search, kind, query, places, plans, grid, groups, signal);
  const seconds = Math.max(0.001, (range.to_ms - range.from_ms) / 1000);
  const answered = [...groups.values()].map(
    (group): AggregateGroup => ({
      key: group.key,
      values: group.values(seconds),
      series: grid ? group.series(grid.points, grid.step_ms / 1000) : [],
    }),
  );
  answered.sort((a, b) => (b.values[0] ?? Number.NEGATIVE_INFINITY) - (a.values[0] ?? Number.NEGATIVE_INFINITY));
  return {
    range,
    t0_ms: grid?.t0_ms ?? range.from_ms,
    step_ms: grid?.step_ms ?? 0,
    groups: answered.slice(0, question.limit),
    truncated: truncated || answered.length > question.limit,
    sampled: truncated,
  };
}

function gridFor({ range, step_ms }: Question.Aggregate): StepGrid | null {
  if (step_ms === 0) return null;
  return step_ms === 'auto' ? gridOf(range, POINTS) : gridWith(range, step_ms);
}

export function itemQuery(
  question: Pick<Question.Fields, 'filter' | 'environment' | 'range'> & { synthetic?: Question.Aggregate['synthetic'] },
  kind: 'spans' | 'logs',
): Query {
  return {
    bool: {
      filter: [
        within('@timestamp', question.range),
        ...environmentQueries(question.environment),
        ...syntheticQueries(question.synthetic ?? 'include'),
        filterQuery(question.filter, kind),
      ],
    },
  };
}

async function planOf(
  search: Search,
  kind: 'spans' | 'logs',
  query: Query,
  measure: Measure,
  signal: AbortSignal,
): Promise<MeasurePlan> {
  if (measure.field === undefined) return { measure, variants: [], duration: false };
  const ref = fieldOf(measure.field, kind);
  const variants = await fieldVariants(search, kind, query, ref, signal);
  const duration = ref.source === 'column' && ref.column === 'duration';
  return { measure, variants: measure.op === 'distinct' ? variants : variants.filter((v) => v.numeric), duration };
}

/** Walks every group; a group's key is, per field, the first place that has a value. */
async function collect(
  search: Search,
  kind: 'spans' | 'logs',
  query: Query,
  places: Variant[][],
  plans: MeasurePlan[],
  grid: StepGrid | null,
  groups: Map<string, GroupTotals>,
  signal: AbortSignal,
): Promise<boolean> {
  const measures = measureAggregations(plans);
  const inner: Record<string, estypes.AggregationsAggregationContainer> = grid
    ? { ...measures, steps: { date_histogram: stepHistogram(grid), aggs: measures } }
    : measures;
  const take = (bucket: Bucket, key: (string | null)[]) => {
    const id = JSON.stringify(key);
    const group = groups.get(id) ?? new GroupTotals(key, plans);
    groups.set(id, group);
    group.add(bucket, null);
    if (!grid) return;
    for (const step of bucket['steps']?.buckets ?? []) {
      const at = stepOf(grid, Number(step.key));
      if (at >= 0) group.add(step, at);
    }
  };
  const sources = places.flatMap((variants, field) =>
    variants.map(
      (variant, place): Record<string, estypes.AggregationsCompositeAggregationSource> => ({
        [`${field}.${place}`]: { terms: { field: variant.field, missing_bucket: true } },
      }),
    ),
  );
  if (sources.length === 0) {
    const { aggregations, total } = await search.ask(
      kind,
      { query, size: 0, track_total_hits: true, ...(Object.keys(inner).length > 0 ? { aggs: inner } : {}) },
      signal,
    );
    if (total > 0 || places.length === 0) {
      take(
        { ...aggregations, key: null, doc_count: total } as unknown as Bucket,
        places.map(() => null),
      );
    }
    return false;
  }
  let after: Record<string, unknown> | undefined;
  for (let seen = 0; ; ) {
    const { aggregations } = await search.ask(
      kind,
      {
        query,
        size: 0,
        aggs: {
          groups: {
            composite: {
              size: grid ? Math.max(1, Math.floor(GROUPS_AT_ONCE / grid.points)) * 10 : GROUPS_AT_ONCE,
              sources,
              ...(after ? { after: after as Record<string, string> } : {}),
            },
            aggs: inner,
          },
        },
      },
      signal,
    );
    const buckets = aggregations['groups']?.buckets ?? [];
    for (const bucket of buckets) {
      const key = bucket.key as Record<string, unknown>;
      take(
        bucket,
        places.map((variants, field) => firstText(variants, (place) => key[`${field}.${place}`])),
      );
    }
    seen += buckets.length;
    after = aggregations['groups']?.after_key;
    if (buckets.length === 0 || !after) return false;
    if (seen >= MOST_GROUPS) return true;
  }
}

function firstText(variants: Variant[], keyAt: (place: number) => unknown): string | null {
  for (const [place, variant] of variants.entries()) {
    const text = variant.text(keyAt(place));
    if (text !== null && text !== '') return text;
  }
  return null;
}
