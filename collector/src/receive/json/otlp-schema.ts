/** How one field of OTLP's JSON is written in protobuf. `hex` and `base64` are bytes; `value` is an `AnyValue`. */
export type FieldType =
  | 'string'
  | 'bool'
  | 'hex'
  | 'base64'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'int64'
  | 'uint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double'
  | Message;

export interface Field {
  number: number;
  type: FieldType;
  repeated: boolean;
}

/** Fields of a message by their lowerCamelCase name: the only spelling OTLP/JSON allows. */
export interface Message {
  fields: Map<string, Field>;
}

function message(fields: Record<string, [number: number, type: FieldType, repeated?: 'repeated']>): Message {
  return {
    fields: new Map(
      Object.entries(fields).map(([name, [number, type, repeated]]) => [
        name,
        { number, type, repeated: repeated === 'repeated' },
      ]),
    ),
  };
}

const anyValue: Message = message({
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  bytesValue: [7, 'base64'],
});
const keyValue = message({ key: [1, 'string'], value: [2, anyValue] });
anyValue.fields.set('arrayValue', {
  number: 5,
  type: message({ values: [1, anyValue, 'repeated'] }),
  repeated: false,
});
anyValue.fields.set('kvlistValue', {
  number: 6,
  type: message({ values: [1, keyValue, 'repeated'] }),
  repeated: false,
});

const resource = message({ attributes: [1, keyValue, 'repeated'], droppedAttributesCount: [2, 'uint32'] });
const scope = message({
  name: [1, 'string'],
  version: [2, 'string'],
  attributes: [3, keyValue, 'repeated'],
  droppedAttributesCount: [4, 'uint32'],
});

const span = message({
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'int32'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, keyValue, 'repeated'],
  droppedAttributesCount: [10, 'uint32'],
  events: [
    11,
    message({
      timeUnixNano: [1, 'fixed64'],
      name: [2, 'string'],
      attributes: [3, keyValue, 'repeated'],
      droppedAttributesCount: [4, 'uint32'],
    }),
    'repeated',
  ],
  droppedEventsCount: [12, 'uint32'],
  links: [
    13,
    message({
      traceId: [1, 'hex'],
      spanId: [2, 'hex'],
      traceState: [3, 'string'],
      attributes: [4, keyValue, 'repeated'],
      droppedAttributesCount: [5, 'uint32'],
      flags: [6, 'fixed32'],
    }),
    'repeated',
  ],
  droppedLinksCount: [14, 'uint32'],
  status: [15, message({ message: [2, 'string'], code: [3, 'int32'] })],
  flags: [16, 'fixed32'],
});

const logRecord = message({
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'int32'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, keyValue, 'repeated'],
  droppedAttributesCount: [7, 'uint32'],
  flags: [8, 'fixed32'],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
});

const exemplar = message({
  timeUnixNano: [2, 'fixed64'],
  asDouble: [3, 'double'],
  spanId: [4, 'hex'],
  traceId: [5, 'hex'],
  asInt: [6, 'sfixed64'],
  filteredAttributes: [7, keyValue, 'repeated'],
});
const times: Record<string, [number, FieldType]> = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] };
const numberPoint = message({
  ...times,
  attributes: [7, keyValue, 'repeated'],
  asDouble: [4, 'double'],
  asInt: [6, 'sfixed64'],
  exemplars: [5, exemplar, 'repeated'],
  flags: [8, 'uint32'],
});
const histogramPoint = message({
  ...times,
  attributes: [9, keyValue, 'repeated'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64', 'repeated'],
  explicitBounds: [7, 'double', 'repeated'],
  exemplars: [8, exemplar, 'repeated'],
  flags: [10, 'uint32'],
  min: [11, 'double'],
  max: [12, 'double'],
});
const buckets = message({ offset: [1, 'sint32'], bucketCounts: [2, 'uint64', 'repeated'] });
const exponentialPoint = message({
  ...times,
  attributes: [1, keyValue, 'repeated'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zeroCount: [7, 'fixed64'],
  positive: [8, buckets],
  negative: [9, buckets],
  flags: [10, 'uint32'],
  exemplars: [11, exemplar, 'repeated'],
  min: [12, 'double'],
  max: [13, 'double'],
  zeroThreshold: [14, 'double'],
});
const summaryPoint = message({
  ...times,
  attributes: [7, keyValue, 'repeated'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, message({ quantile: [1, 'double'], value: [2, 'double'] }), 'repeated'],
  flags: [8, 'uint32'],
});
const metric = message({
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, message({ dataPoints: [1, numberPoint, 'repeated'] })],
  sum: [
    7,
    message({
      dataPoints: [1, numberPoint, 'repeated'],
      aggregationTemporality: [2, 'int32'],
      isMonotonic: [3, 'bool'],
    }),
  ],
  histogram: [9, message({ dataPoints: [1, histogramPoint, 'repeated'], aggregationTemporality: [2, 'int32'] })],
  exponentialHistogram: [
    10,
    message({ dataPoints: [1, exponentialPoint, 'repeated'], aggregationTemporality: [2, 'int32'] }),
  ],
  summary: [11, message({ dataPoints: [1, summaryPoint, 'repeated'] })],
  metadata: [12, keyValue, 'repeated'],
});

/** A request of one signal: resources of scopes of items, named alike in all three. */
function exportRequest(resourceField: string, scopeField: string, itemField: string, item: Message): Message {
  const scopeItems = message({ scope: [1, scope], [itemField]: [2, item, 'repeated'], schemaUrl: [3, 'string'] });
  const resourceItems = message({
    resource: [1, resource],
    [scopeField]: [2, scopeItems, 'repeated'],
    schemaUrl: [3, 'string'],
  });
  return message({ [resourceField]: [1, resourceItems, 'repeated'] });
}

export const tracesRequest = exportRequest('resourceSpans', 'scopeSpans', 'spans', span);
export const logsRequest = exportRequest('resourceLogs', 'scopeLogs', 'logRecords', logRecord);
export const metricsRequest = exportRequest('resourceMetrics', 'scopeMetrics', 'metrics', metric);
