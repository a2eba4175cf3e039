import * as fc from 'fast-check';

/** Requests as plain objects in OTLP/JSON's shape, 64-bit integers as text, ids as hex. */
type Json = Record<string, unknown>;

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const nano = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const count = fc.bigInt({ min: 0n, max: 2n ** 40n }).map(String);
/** Without -0: `JSON.stringify` writes it as 0, so a body made by it cannot say it. */
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const uint32 = fc.nat(0xffff_ffff);

function hex(bytes: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .filter((id) => id.some((byte) => byte !== 0))
    .map((id) => Buffer.from(id).toString('hex'));
}

const { value: anyValue } = fc.letrec<{ value: Json; keyValue: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    int64.map((intValue) => ({ intValue })),
    double.map((doubleValue) => ({ doubleValue })),
    fc.constant({}),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => ({ bytesValue: Buffer.from(bytes).toString('base64') })),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
    fc.array(tie('keyValue'), { maxLength: 3 }).map((values) => ({ kvlistValue: { values } })),
  ),
  keyValue: fc.record({ key: text, value: tie('value') }),
}));

const attributes = fc.array(fc.record({ key: text, value: anyValue }), { maxLength: 5 });
const resource = fc.record({ attributes });
const scope = fc.record({ name: text, version: text, attributes }, { requiredKeys: [] });

function request(
  names: [resource: string, scope: string, items: string],
  item: fc.Arbitrary<Json>,
): fc.Arbitrary<Json> {
  const scopeItems = fc.record({ scope, [names[2]]: fc.array(item, { maxLength: 4 }) });
  const resourceItems = fc.record({ resource, [names[1]]: fc.array(scopeItems, { maxLength: 2 }) });
  return fc.record({ [names[0]]: fc.array(resourceItems, { maxLength: 2 }) });
}

const optional = { requiredKeys: [] } as { requiredKeys: [] };

export const tracesRequests = request(
  ['resourceSpans', 'scopeSpans', 'spans'],
  fc.record(
    {
      traceId: hex(16),
      spanId: hex(8),
      parentSpanId: hex(8),
      traceState: text,
      name: text,
      kind: fc.nat(5),
      startTimeUnixNano: nano,
      endTimeUnixNano: nano,
      attributes,
      events: fc.array(fc.record({ timeUnixNano: nano, name: text, attributes }, optional), { maxLength: 3 }),
      links: fc.array(fc.record({ traceId: hex(16), spanId: hex(8), attributes }, optional), { maxLength: 3 }),
      status: fc.record({ code: fc.nat(2), message: text }, optional),
      flags: uint32,
    },
    { requiredKeys: ['traceId', 'spanId'] },
  ),
);

export const logsRequests = request(
  ['resourceLogs', 'scopeLogs', 'logRecords'],
  fc.record(
    {
      timeUnixNano: nano,
      observedTimeUnixNano: nano,
      severityNumber: fc.nat(24),
      severityText: text,
      body: anyValue,
      attributes,
      traceId: hex(16),
      spanId: hex(8),
      flags: uint32,
      eventName: text,
    },
    optional,
  ),
);

const exemplars = fc.array(
  fc.record(
    { timeUnixNano: nano, asDouble: double, traceId: hex(16), spanId: hex(8), filteredAttributes: attributes },
    optional,
  ),
  { maxLength: 2 },
);
const times = { startTimeUnixNano: nano, timeUnixNano: nano, attributes, flags: uint32 };
const numberPoint = fc.oneof(
  fc.record({ ...times, asDouble: double, exemplars }, optional),
  fc.record({ ...times, asInt: int64, exemplars }, optional),
);
const distribution = { ...times, count, sum: double };
const histogramPoint = fc.record(
  {
    ...distribution,
    min: double,
    max: double,
    exemplars,
    bucketCounts: fc.array(count, { maxLength: 5 }),
    explicitBounds: fc.array(double, { maxLength: 4 }),
  },
  optional,
);
const buckets = fc.record({
  offset: fc.integer({ min: -1000, max: 1000 }),
  bucketCounts: fc.array(count, { maxLength: 4 }),
});
const exponentialPoint = fc.record(
  {
    ...distribution,
    min: double,
    max: double,
    exemplars,
    scale: fc.integer({ min: -10, max: 20 }),
    zeroCount: count,
    positive: buckets,
    negative: buckets,
  },
  optional,
);
const summaryPoint = fc.record(
  { ...distribution, quantileValues: fc.array(fc.record({ quantile: double, value: double }), { maxLength: 3 }) },
  optional,
);
const points = (point: fc.Arbitrary<Json>) => fc.array(point, { maxLength: 3 });
const aggregationTemporality = fc.nat(2);
const data: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ gauge: fc.record({ dataPoints: points(numberPoint) }) }),
  fc.record({ sum: fc.record({ dataPoints: points(numberPoint), aggregationTemporality, isMonotonic: fc.boolean() }) }),
  fc.record({ histogram: fc.record({ dataPoints: points(histogramPoint), aggregationTemporality }) }),
  fc.record({ exponentialHistogram: fc.record({ dataPoints: points(exponentialPoint), aggregationTemporality }) }),
  fc.record({ summary: fc.record({ dataPoints: points(summaryPoint) }) }),
);

export const metricsRequests = request(
  ['resourceMetrics', 'scopeMetrics', 'metrics'],
  fc
    .tuple(fc.record({ name: text, description: text, unit: text }, optional), data)
    .map(([head, body]) => ({ ...head, ...body })),
);
