import { attribute, double, fixed64, nested, text, varint } from './wire.mjs';

const ROUTES = ['/orders', '/orders/{id}', '/cart', '/stock/{sku}', '/payments', '/health'];
/** Points of one metric. */
const POINTS_EACH = 50;

/** `ScopeMetrics` of one service: sums and gauges of fifty points, every fourth metric a histogram, three attributes each. */
export function encodePoints(writer, count) {
  const now = BigInt(Date.now()) * 1_000_000n;
  for (let made = 0, metric = 0; made < count; made += POINTS_EACH, metric++) {
    const points = Math.min(POINTS_EACH, count - made);
    const each = (write) => {
      for (let i = 0; i < points; i++) nested(writer, 1, () => write(i));
    };
    nested(writer, 2, () => {
      text(writer, 1, `shop.metric.${metric % 20}`);
      text(writer, 3, metric % 4 === 0 ? 's' : '1');
      const field = metric % 4 === 0 ? 9 : metric % 2 === 0 ? 7 : 5;
      nested(writer, field, () => {
        each((i) => (field === 9 ? writeHistogram(writer, now, i) : writeNumber(writer, now, i)));
        if (field !== 5) varint(writer, 2, 2);
        if (field === 7) varint(writer, 3, 1);
      });
    });
  }
}

function writeNumber(writer, now, i) {
  fixed64(writer, 2, now - 60_000_000_000n);
  fixed64(writer, 3, now);
  double(writer, 4, i * 1.5);
  labels(writer, 7, i);
}

function writeHistogram(writer, now, i) {
  fixed64(writer, 2, now - 60_000_000_000n);
  fixed64(writer, 3, now);
  fixed64(writer, 4, 100n);
  double(writer, 5, 12.5 + i);
  for (let bucket = 0; bucket < 11; bucket++) fixed64(writer, 6, BigInt(bucket * 2));
  for (let bound = 0; bound < 10; bound++) double(writer, 7, 0.005 * 2 ** bound);
  labels(writer, 9, i);
}

function labels(writer, field, i) {
  attribute(writer, field, 'http.route', ROUTES[i % ROUTES.length]);
  attribute(writer, field, 'http.request.method', i % 2 ? 'GET' : 'POST');
  attribute(writer, field, 'http.response.status_code', 200 + Math.floor(i / 12));
}
