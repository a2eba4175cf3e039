import { WireWriter } from '../../dist/decode/wire-writer.js';

/** Services of the shop that {@link shopTraces} plays: who calls whom, and how long each takes. */
const NAMES =
  'gateway web-shop basket catalog search prices stock orders payments invoices accounts sessions reviews recommendations shipping parcels mail loyalty fraud audit'.split(
    ' ',
  );
const OPERATIONS_EACH = [6, 9];
/** Services that send what they have not sent yet an hour later: some of their traces lie in two slices. */
const TARDY = ['mail', 'audit'];
/** Spans of a service that go into one request, as a batching exporter would send them. */
const BATCH = 1000;

/**
 * A shop of twenty services and about 150 operations, the same for the same seed. `spans` of it come as OTLP requests,
 * one service each: traces of some ten spans over several services, long-tailed durations, twelve attributes.
 */
export function createShop(seed) {
  const random = randomFrom(seed);
  const services = NAMES.map((name, index) => ({ name, operations: operationsOf(name, index, random) }));
  const count = services.reduce((sum, { operations }) => sum + operations.length, 0);
  return { services, operations: count, random, open: new Map() };
}

/**
 * OTLP requests with `spans` spans that began within `lengthMs` after `fromMs`; `lateMs(random)` says how much earlier
 * than that a trace happened, `isLast` that nothing comes behind. Yields `{ signal, spans, body }`; ids that were used go to `seen`.
 */
export function* shopRequests(shop, { spans, fromMs, lengthMs, lateMs, seen, isLast }) {
  const { random, open } = shop;
  const take = (service) => {
    let batch = open.get(service);
    if (!batch)
      open.set(service, (batch = { writer: new WireWriter(1 << 19), lines: new WireWriter(1 << 14), count: 0 }));
    return batch;
  };
  for (let made = 0; made < spans; ) {
    const startMs = fromMs + (lengthMs * made) / spans - lateMs(random);
    const trace = { id: id(16, random), correlation: `c-${id(8, random).toString('hex')}` };
    const wanted = Math.min(3 + Math.floor(random() * random() * 22), spans - made);
    made += writeTrace(shop, trace, BigInt(Math.floor(startMs * 1e6)), Math.max(1, wanted), take);
    seen?.(trace, startMs);
    for (const [service, batch] of open) {
      if (batch.count < BATCH) continue;
      open.delete(service);
      yield* finished(service, batch);
    }
  }
  for (const [service, batch] of open) {
    if (TARDY.includes(service.name) && !isLast) continue;
    open.delete(service);
    yield* finished(service, batch);
  }
}

function* finished(service, { writer, lines, count }) {
  yield { signal: 1, spans: count, body: wrapped(service, writer.finish()) };
  const text = lines.finish();
  if (text.length > 0) yield { signal: 2, spans: 0, body: wrapped(service, text) };
}

function wrapped(service, items) {
  const writer = new WireWriter(items.length + 1024);
  nested(writer, 1, () => {
    nested(writer, 1, () => {
      attribute(writer, 1, 'service.name', service.name);
      attribute(writer, 1, 'service.version', '2.14.0');
      attribute(writer, 1, 'service.instance.id', `${service.name}-1`);
      attribute(writer, 1, 'deployment.environment.name', 'production');
      attribute(writer, 1, 'telemetry.sdk.language', 'nodejs');
      attribute(writer, 1, 'telemetry.sdk.name', 'opentelemetry');
    });
    nested(writer, 2, () => {
      nested(writer, 1, () => text(writer, 1, '@shop/http'));
      writer.raw(items);
    });
  });
  return Buffer.from(writer.finish());
}

/** A tree of calls: each span is the server side of a service's operation or a client call out of one. */
function writeTrace(shop, trace, startNano, wanted, take) {
  const { random, services } = shop;
  const calls = [{ service: services[0], parent: null, start: startNano, depth: 0 }];
  let written = 0;
  for (let at = 0; at < calls.length && written < wanted; at++) {
    const { service, parent, start, depth } = calls[at];
    const operation = service.operations[Math.floor(random() ** 2 * service.operations.length)];
    const spanId = id(8, random);
    const durationNano = Math.round(operation.medianNano * Math.exp(normal(random) * 0.9));
    const failed = random() < operation.errorRatio;
    const span = { operation, spanId, parent, start, durationNano, failed, trace };
    const batch = take(service);
    writeSpan(batch.writer, span, 2, random);
    batch.count += 1;
    written += 1;
    if (random() < 0.05) writeLine(batch.lines, span, random);
    const fanOut = Math.min(1 + Math.floor(random() * 4), 12 - depth);
    for (let call = 0; call < fanOut && written < wanted; call++) {
      const target = services[1 + Math.floor(random() ** 1.5 * (services.length - 1))];
      const clientId = id(8, random);
      const callStart = start + BigInt(Math.floor(random() * durationNano * 0.5));
      const client = { ...span, spanId: clientId, parent: spanId, start: callStart, target };
      writeSpan(batch.writer, { ...client, durationNano: Math.round(durationNano * 0.4) }, 3, random);
      batch.count += 1;
      written += 1;
      calls.push({ service: target, parent: clientId, start: callStart + 200_000n, depth: depth + 1 });
    }
  }
  return written;
}

function operationsOf(name, index, random) {
  const [least, most] = OPERATIONS_EACH;
  const count = least + Math.floor(random() * (most - least + 1));
  return Array.from({ length: count }, (_, at) => {
    const method = ['GET', 'POST', 'PUT'][at % 3];
    const route = `/${name}/${['', '{id}', 'list', '{id}/lines', 'batch', 'summary', '{id}/state', 'export', 'hints'][at]}`;
    return {
      name: `${method} ${route}`,
      method,
      route,
      address: `${name}.shop.internal`,
      medianNano: (2 + index + at * at * 3) * 1e6,
      errorRatio: at === 3 ? 0.08 : 0.004,
    };
  });
}

function writeSpan(writer, { operation, spanId, parent, start, durationNano, failed, trace, target }, kind, random) {
  nested(writer, 2, () => {
    bytes(writer, 1, trace.id);
    bytes(writer, 2, spanId);
    if (parent !== null) bytes(writer, 4, parent);
    text(writer, 5, target ? operation.method : operation.name);
    varint(writer, 6, kind);
    fixed64(writer, 7, start);
    fixed64(writer, 8, start + BigInt(durationNano));
    attribute(writer, 9, 'http.request.method', operation.method);
    if (target) attribute(writer, 9, 'url.template', operation.route);
    else attribute(writer, 9, 'http.route', operation.route);
    attribute(writer, 9, 'http.response.status_code', failed ? 503 : 200);
    attribute(writer, 9, 'url.path', operation.route.replace('{id}', String(Math.floor(random() * 50_000))));
    attribute(writer, 9, 'url.scheme', 'https');
    attribute(writer, 9, 'server.address', target ? `${target.name}.shop.internal` : operation.address);
    attribute(writer, 9, 'server.port', 8443);
    attribute(writer, 9, 'network.peer.address', `10.0.${Math.floor(random() * 8)}.${Math.floor(random() * 250)}`);
    attribute(writer, 9, 'user_agent.original', 'shop/2.14 (linux; x64) node');
    attribute(writer, 9, 'correlation.id', trace.correlation);
    attribute(writer, 9, 'enduser.tier', random() < 0.1 ? 'gold' : 'basic');
    attribute(writer, 9, 'thread.id', Math.floor(random() * 8));
    if (failed) nested(writer, 15, () => varint(writer, 3, 2));
  });
}

function writeLine(writer, { operation, spanId, start, failed, trace }, random) {
  nested(writer, 2, () => {
    fixed64(writer, 1, start + 1000n);
    varint(writer, 2, failed ? 17 : 9);
    nested(writer, 5, () => text(writer, 1, `${operation.name} took item ${Math.floor(random() * 100_000)}`));
    bytes(writer, 9, trace.id);
    bytes(writer, 10, spanId);
  });
}

function attribute(writer, field, key, value) {
  nested(writer, field, () => {
    text(writer, 1, key);
    nested(writer, 2, () => (typeof value === 'string' ? text(writer, 1, value) : varint(writer, 3, value)));
  });
}

function nested(writer, field, write) {
  writer.varint((field << 3) | 2);
  const mark = writer.open();
  write();
  writer.close(mark);
}

function text(writer, field, value) {
  writer.varint((field << 3) | 2);
  writer.text(value);
}

function bytes(writer, field, value) {
  writer.varint((field << 3) | 2);
  writer.lengthDelimited(value);
}

function varint(writer, field, value) {
  writer.varint(field << 3);
  writer.varint(value);
}

function fixed64(writer, field, value) {
  writer.varint((field << 3) | 1);
  writer.fixed64(value);
}

function id(length, random) {
  const value = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at += 4) value.writeUInt32LE(Math.floor(random() * 4294967296), at);
  return value;
}

/** A normal deviate. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mulberry32: small, quick, the same everywhere. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
