import { hexAt, textAt } from '../../../decode/text.js';
import type { ByteRanges } from '../../../telemetry/attribute-columns.js';
import { type MetricColumns, MetricType } from '../../../telemetry/metric-columns.js';
import type { AddRows } from './document-batch.js';
import { ItemContext, type TargetIndex } from './item-context.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';
import { wordsOf } from './nano-words.js';
import { PointJson } from './point-json.js';
import { TimeFields } from './time-fields.js';

const TYPES: Record<number, string> = {
  [MetricType.gauge]: 'gauge',
  [MetricType.sum]: 'sum',
  [MetricType.histogram]: 'histogram',
  [MetricType.exponentialHistogram]: 'exponential_histogram',
  [MetricType.summary]: 'summary',
};
const TEMPORALITIES = ['unspecified', 'delta', 'cumulative'];

/** One record's metric points as documents. */
export function pointDocuments(target: TargetIndex, columns: MetricColumns, log: string, position: number): AddRows {
  const context = new ItemContext(target, columns, log, position);
  const { points, metrics } = columns;
  const words = wordsOf(points.timeNano);
  const starts = wordsOf(points.startNano);
  const times = new TimeFields();
  const point = new PointJson();
  const infos = Array.from({ length: metrics.count }, (_, metric) => infoText(columns, metric));
  return (batch, first, fullAt) => {
    const { out } = batch;
    let row = first;
    for (; row < points.count && out.length < fullAt; row++) {
      const metric = points.metric[row]!;
      const from = points.attribute.from[row]!;
      const to = points.attribute.to[row]!;
      context.open(batch, row, from, to);
      times.start.read(words, row);
      times.write(out, false);
      out.put(infos[metric]!);
      if (to > from) target.attributes.writeKeys(out);
      times.end.read(starts, row);
      point.write(out, columns, row, times);
      if (points.exemplar.to[row]! > points.exemplar.from[row]!) {
        out.ascii(',"exemplars":');
        out.string(JSON.stringify(exemplarsOf(columns, row)));
      }
      context.close(batch, metrics.resource[metric]!);
    }
    return row;
  };
}

function infoText({ bytes, metrics }: MetricColumns, metric: number): JsonPiece {
  const text = (ranges: ByteRanges) => textAt(bytes, ranges.offset[metric]!, ranges.length[metric]!);
  const info = {
    name: text(metrics.name),
    description: text(metrics.description),
    unit: text(metrics.unit),
    type: TYPES[metrics.type[metric]!] ?? 'gauge',
    temporality: TEMPORALITIES[metrics.temporality[metric]!] ?? 'unspecified',
    monotonic: metrics.monotonic[metric] === 1,
  };
  return jsonPiece(`,${JSON.stringify(info).slice(1, -1)}`);
}

function exemplarsOf({ bytes, points, exemplars }: MetricColumns, row: number) {
  const list = [];
  for (let at = points.exemplar.from[row]!; at < points.exemplar.to[row]!; at++) {
    list.push({
      time: exemplars.timeNano[at]!.toString(),
      value: finite(exemplars.value[at]!),
      trace_id: hexAt(bytes, exemplars.traceId[at]!, 16),
    });
  }
  return list;
}

/** JSON has no NaN and no infinities. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
