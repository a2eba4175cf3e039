import { createHash } from 'node:crypto';
import { attributeKey, attributeText, textAt } from '../../../decode/text.js';
import type { MetricColumns } from '../../../telemetry/metric-columns.js';
import { IdColumn, NumberColumn, NumberListColumn, WordsColumn } from './column.js';
import type { Dictionary } from './dictionary.js';
import type { Extent } from './extent.js';
import { idsOf, wordsOf } from './request-columns.js';
import { Stage } from './stage.js';

/** Stages metric points and their exemplars; what a series is stands once, in the slice's dictionary. */
export class MetricRows {
  readonly points = new Stage('points', pointColumns);
  readonly exemplars = new Stage('exemplars', exemplarColumns);

  add(metrics: MetricColumns, dictionary: Dictionary, extent: Extent): void {
    const { points } = metrics;
    const resources = idsOf(metrics.resources.count, (row) => dictionary.resource(metrics, metrics.resources, row));
    const times = wordsOf(points.timeNano);
    const starts = wordsOf(points.startNano);
    for (let point = 0; point < points.count; point++) {
      const series = seriesOf(metrics, point, resources, dictionary);
      const row = this.points.next();
      const { columns } = this.points;
      columns.series.data[row] = series;
      const low = times[point * 2] as number;
      const high = times[point * 2 + 1] as number;
      columns.time.setTime(row, low, high);
      extent.add(low, high);
      columns.start.setTime(row, starts[point * 2] as number, starts[point * 2 + 1] as number);
      columns.flags.data[row] = points.flags[point] as number;
      columns.value.data[row] = points.value[point] as number;
      columns.observations.data[row] = points.observations[point] as number;
      columns.min.data[row] = points.min[point] as number;
      columns.max.data[row] = points.max[point] as number;
      columns.counts.set(row, numbers(metrics, points.bucketCounts, point));
      columns.bounds.set(row, numbers(metrics, points.bounds, point));
      columns.scale.data[row] = points.scale[point] as number;
      columns.zeroCount.data[row] = points.zeroCount[point] as number;
      columns.positiveOffset.data[row] = points.positiveOffset[point] as number;
      columns.negativeOffset.data[row] = points.negativeOffset[point] as number;
      columns.negativeCounts.set(row, numbers(metrics, points.negativeCounts, point));
      this.#addExemplars(metrics, point, series);
    }
  }

  #addExemplars(metrics: MetricColumns, point: number, series: number): void {
    const { exemplars, points, bytes } = metrics;
    const times = wordsOf(exemplars.timeNano);
    for (let place = points.exemplar.from[point] as number; place < (points.exemplar.to[point] as number); place++) {
      const row = this.exemplars.next();
      const { columns } = this.exemplars;
      columns.series.data[row] = series;
      columns.time.setTime(row, times[place * 2] as number, times[place * 2 + 1] as number);
      columns.value.data[row] = exemplars.value[place] as number;
      columns.traceId.set(row, bytes, exemplars.traceId[place] as number);
      columns.spanId.set(row, bytes, exemplars.spanId[place] as number);
    }
  }
}

function numbers(
  { points }: MetricColumns,
  range: { from: Uint32Array; to: Uint32Array },
  point: number,
): Float64Array {
  return points.numbers.subarray(range.from[point], range.to[point]);
}

function seriesOf(metrics: MetricColumns, point: number, resources: Int32Array, dictionary: Dictionary): number {
  const { metrics: infos, points, bytes } = metrics;
  const metric = points.metric[point] as number;
  const from = points.attribute.from[point] as number;
  const to = points.attribute.to[point] as number;
  const vals: string[] = [];
  let labels = '';
  for (let row = from; row < to; row++) {
    const text = attributeText(metrics, row);
    vals.push(text);
    labels += `\0${attributeKey(metrics, row)}\0${metrics.attributes.type[row]}\0${text}`;
  }
  const text = (range: { offset: Uint32Array; length: Uint32Array }) =>
    textAt(bytes, range.offset[metric] as number, range.length[metric] as number);
  const name = text(infos.name);
  const resource = resources[infos.resource[metric] as number] as number;
  const type = infos.type[metric] as number;
  const temporality = infos.temporality[metric] as number;
  const monotonic = infos.monotonic[metric] as number;
  const identity = `${name}\0${type}\0${temporality}\0${monotonic}${labels}`;
  return dictionary.series(`${resource}\0${identity}`, () => ({
    hash: createHash('sha1')
      .update(`${dictionary.resourceKey(resource)}\0${identity}`)
      .digest()
      .readBigUInt64LE(0),
    name,
    description: text(infos.description),
    unit: text(infos.unit),
    type,
    temporality,
    monotonic,
    resource,
    shape: dictionary.shapes.metrics.of(metrics, from, to).id,
    vals,
  }));
}

function pointColumns() {
  return {
    series: new NumberColumn('integer'),
    time: new WordsColumn(),
    start: new WordsColumn(),
    flags: new NumberColumn('uinteger'),
    value: new NumberColumn('double'),
    observations: new NumberColumn('double'),
    min: new NumberColumn('double'),
    max: new NumberColumn('double'),
    counts: new NumberListColumn('double'),
    bounds: new NumberListColumn('double'),
    scale: new NumberColumn('integer'),
    zeroCount: new NumberColumn('double'),
    positiveOffset: new NumberColumn('integer'),
    negativeOffset: new NumberColumn('integer'),
    negativeCounts: new NumberListColumn('double'),
  };
}

function exemplarColumns() {
  return {
    series: new NumberColumn('integer'),
    time: new WordsColumn(),
    value: new NumberColumn('double'),
    traceId: new IdColumn(16),
    spanId: new IdColumn(8),
  };
}
