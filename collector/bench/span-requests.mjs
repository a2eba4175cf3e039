/** Protobuf of `ExportTraceServiceRequest`s as an HTTP shop would send them: 12 attributes a span, ten spans a trace. */
export function spanRequests(requests, spansPerRequest) {
  let position = 0;
  return Array.from({ length: requests }, (_, request) => {
    const body = encode(request, spansPerRequest);
    const record = {
      position,
      next: position + body.length + 40,
      signal: 1,
      encoding: 0,
      receivedNano: BigInt(Date.now()) * 1_000_000n,
      tenant: '',
      body,
    };
    position = record.next;
    return record;
  });
}

function encode(request, count) {
  const spans = [];
  const now = BigInt(Date.now()) * 1_000_000n;
  for (let i = 0; i < count; i++) {
    const start = now - BigInt((count - i) * 50_000);
    const trace = Buffer.alloc(16, 7);
    trace.writeUInt32BE(request, 0);
    trace.writeUInt32BE(Math.floor(i / 10), 4);
    const id = Buffer.alloc(8, 5);
    id.writeUInt32BE(i + 1, 0);
    const attributes = [
      ['http.request.method', i % 3 ? 'GET' : 'POST'],
      ['http.route', `/orders/:id/${i % 20}`],
      ['http.response.status_code', i % 50 ? 200 : 500],
      ['url.path', `/orders/${request * count + i}`],
      ['url.scheme', 'https'],
      ['server.address', 'shop.example'],
      ['server.port', 443],
      ['client.address', `10.0.${i % 255}.${request % 255}`],
      ['user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'],
      ['network.protocol.version', '1.1'],
      ['correlation.id', `r-${request}-${i}`],
      ['enduser.segment', `segment-${i % 7}`],
    ].map(([key, value]) => attribute(9, key, value));
    spans.push(
      field(
        2,
        field(1, trace),
        field(2, id),
        ...(i % 10 ? [field(4, Buffer.alloc(8, 9))] : []),
        field(5, Buffer.from(`GET /orders/:id/${i % 20}`)),
        Buffer.from([6 << 3, i % 10 ? 1 : 2]),
        fixed(7, start),
        fixed(8, start + BigInt(1_000_000 + (i % 1000) * 10_000)),
        ...attributes,
        field(15, Buffer.from([3 << 3, i % 50 ? 0 : 2])),
      ),
    );
  }
  const resource = field(1, attribute(1, 'service.name', 'shop'), attribute(1, 'service.instance.id', 'shop-1'));
  return field(1, resource, field(2, field(1, field(1, Buffer.from('bench'))), ...spans));
}

function attribute(number, key, value) {
  const encoded =
    typeof value === 'number' ? Buffer.concat([Buffer.from([3 << 3]), varint(value)]) : field(1, Buffer.from(value));
  return field(number, field(1, Buffer.from(key)), field(2, encoded));
}

function field(number, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
}

function fixed(number, value) {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
