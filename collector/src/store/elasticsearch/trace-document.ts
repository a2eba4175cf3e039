import type { TraceDelta } from '../../project/projection.js';
import { indexedTime } from './indexed-time.js';
import type { JsonBytes } from './write/json-bytes.js';
import { type JsonPiece, jsonPiece } from './write/json-piece.js';

/** Nanoseconds that a JSON number holds exactly: a hundred days. */
const EXACT_NANOS = 9_007_199_254_740_991n;

const TIMESTAMP = jsonPiece('{"@timestamp":"');
const TRACE_ID = jsonPiece('","trace_id":"');
const DURATION = jsonPiece('","duration":');
const SPANS = jsonPiece(',"spans":');
const ERRORS = jsonPiece(',"errors":');
const ROOT_SERVICE = jsonPiece(',"root_service":');
const ROOT_NAME = jsonPiece(',"root_name":');
const ENVIRONMENT = jsonPiece(',"environment":');
const CORRELATION_ID = jsonPiece(',"correlation_id":');
const SAGA_ID = jsonPiece(',"saga_id":');
const SERVICES = jsonPiece(',"services":[');
const SYNTHETIC = jsonPiece('],"synthetic":');
const STATE = jsonPiece(',"state":{"traceId":"');
const START = jsonPiece('","startNano":"');
const END = jsonPiece('","endNano":"');
const STATE_SPANS = jsonPiece('","spans":');
const NO_ROOT = jsonPiece(',"root":null');
const ROOT = jsonPiece(',"root":{"service":');
const NAME = jsonPiece(',"name":');
const STARTED = jsonPiece(',"startNano":"');
const LASTED = jsonPiece('","durationNano":"');
const END_ROOT = jsonPiece('"}');
const PART = jsonPiece('{"service":');
const NEXT_PART = jsonPiece(',{"service":');
const FIRST = jsonPiece(',"firstNano":"');
const END_PARTS = jsonPiece('],"environment":');
const STATE_CORRELATION = jsonPiece(',"correlationId":');
const STATE_SAGA = jsonPiece(',"sagaId":');
const STATE_SYNTHETIC = jsonPiece(',"synthetic":');
const CHECK = jsonPiece(',"syntheticCheck":');
const COMMA = 0x2c;
const DOT = 0x2e;
const CLOSE = 0x7d;
const TRUE = jsonPiece('true');
const FALSE = jsonPiece('false');

/** Last instant that `date_nanos` can hold; usual times have as many digits, all but six of them are milliseconds. */
const LAST = '9223372036854775807';
const MS_DIGITS = 13;

/**
 * A trace's summary as JSON, without its last brace: fields to search by, and `state` to go on from. Written as bytes
 * member by member, because there is one for every few spans. Members of empty values are left out of the fields: to be
 * there is to be not empty.
 */
export function traceDocument(out: JsonBytes, delta: TraceDelta): void {
  const { root, startNano, endNano, environment, correlationId, sagaId, services, synthetic } = delta;
  const start = startNano.toString();
  // Most often the trace, its root and its first service begin together.
  const nanos = (nano: bigint) => (nano === startNano ? start : nano.toString());
  const duration = endNano > startNano ? endNano - startNano : 0n;
  out.put(TIMESTAMP);
  writeIndexedTime(out, startNano, start);
  out.put(TRACE_ID);
  out.ascii(delta.traceId);
  out.put(DURATION);
  out.number(Number(duration > EXACT_NANOS ? EXACT_NANOS : duration));
  out.put(SPANS);
  out.number(delta.spans);
  out.put(ERRORS);
  out.number(delta.errors);
  member(out, ROOT_SERVICE, root?.service ?? '');
  member(out, ROOT_NAME, root?.name ?? '');
  member(out, ENVIRONMENT, environment);
  member(out, CORRELATION_ID, correlationId);
  member(out, SAGA_ID, sagaId);
  out.put(SERVICES);
  services.forEach(({ service }, place) => {
    if (place > 0) out.byte(COMMA);
    out.string(service);
  });
  out.put(SYNTHETIC);
  out.put(synthetic ? TRUE : FALSE);

  out.put(STATE);
  out.ascii(delta.traceId);
  out.put(START);
  out.ascii(start);
  out.put(END);
  out.ascii(nanos(endNano));
  out.put(STATE_SPANS);
  out.number(delta.spans);
  out.put(ERRORS);
  out.number(delta.errors);
  if (root === null) out.put(NO_ROOT);
  else {
    out.put(ROOT);
    out.string(root.service);
    out.put(NAME);
    out.string(root.name);
    out.put(STARTED);
    out.ascii(nanos(root.startNano));
    out.put(LASTED);
    out.ascii(root.durationNano.toString());
    out.put(END_ROOT);
  }
  out.put(SERVICES);
  services.forEach(({ service, spans, errors, firstNano }, place) => {
    out.put(place > 0 ? NEXT_PART : PART);
    out.string(service);
    out.put(SPANS);
    out.number(spans);
    out.put(ERRORS);
    out.number(errors);
    out.put(FIRST);
    out.ascii(nanos(firstNano));
    out.put(END_ROOT);
  });
  out.put(END_PARTS);
  out.string(environment);
  out.put(STATE_CORRELATION);
  out.string(correlationId);
  out.put(STATE_SAGA);
  out.string(sagaId);
  out.put(STATE_SYNTHETIC);
  out.put(synthetic ? TRUE : FALSE);
  out.put(CHECK);
  out.string(delta.syntheticCheck);
  out.byte(CLOSE);
}

/** What {@link indexedTime} says. */
function writeIndexedTime(out: JsonBytes, nano: bigint, digits: string): void {
  if (digits.length !== LAST.length || digits > LAST) {
    out.ascii(indexedTime(nano));
    return;
  }
  out.ascii(digits, 0, MS_DIGITS);
  out.byte(DOT);
  out.ascii(digits, MS_DIGITS);
}

function member(out: JsonBytes, name: JsonPiece, value: string): void {
  if (value === '') return;
  out.put(name);
  out.string(value);
}
