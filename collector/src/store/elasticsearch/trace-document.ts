import type { TraceDelta } from '../../project/projection.js';
import { indexedTime } from './indexed-time.js';
import type { JsonBytes } from './write/json-bytes.js';
import { type JsonPiece, jsonPiece } from './write/json-piece.js';
import { NanoWords } from './write/nano-words.js';
import { writeNanos } from './write/time-fields.js';

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

const NANO_DIGITS = 6;
/** What is written at the moment. */
const start = new NanoWords();
const time = new NanoWords();

/**
 * A trace's summary as JSON, without its last brace: fields to search by, and `state` to go on from. Written as bytes
 * member by member, because there is one for every few spans. Members of empty values are left out of the fields: to be
 * there is to be not empty.
 */
export function traceDocument(out: JsonBytes, delta: TraceDelta): void {
  const { root, startNano, endNano, environment, correlationId, sagaId, services, synthetic } = delta;
  start.readBigint(startNano);
  time.readBigint(endNano);
  const duration = (time.ms - start.ms) * 1e6 + (time.rest - start.rest);
  out.put(TIMESTAMP);
  if (start.ms === start.indexedMs) {
    out.digits(start.ms, 0);
    out.byte(DOT);
    out.digits(start.rest, NANO_DIGITS);
  } else out.ascii(indexedTime(startNano));
  out.put(TRACE_ID);
  out.ascii(delta.traceId);
  out.put(DURATION);
  // A JSON number holds a hundred days exactly.
  out.digits(Math.min(Math.max(0, duration), Number.MAX_SAFE_INTEGER), 0);
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
  writeNanos(out, start);
  out.put(END);
  writeNanos(out, time);
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
    writeNanos(out, time.readBigint(root.startNano));
    out.put(LASTED);
    writeNanos(out, time.readBigint(root.durationNano));
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
    writeNanos(out, time.readBigint(firstNano));
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

function member(out: JsonBytes, name: JsonPiece, value: string): void {
  if (value === '') return;
  out.put(name);
  out.string(value);
}
