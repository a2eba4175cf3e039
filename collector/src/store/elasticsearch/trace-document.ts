import type { TraceDelta } from '../../project/projection.js';
import { indexedTime } from './indexed-time.js';

/** Nanoseconds that a JSON number holds exactly: a hundred days. */
const EXACT_NANOS = 9_007_199_254_740_991n;

/**
 * A trace's summary as JSON, without its last brace: fields to search by, and `state` to go on from. Written as text
 * member by member, because there is one for every few spans. Nothing but names and identifiers can need an escape.
 */
export function traceDocument(delta: TraceDelta): string {
  const { root, startNano, endNano, spans, errors, synthetic, services } = delta;
  const duration = endNano > startNano ? endNano - startNano : 0n;
  const environment = quoted(delta.environment);
  const correlationId = quoted(delta.correlationId);
  const sagaId = quoted(delta.sagaId);
  const rootService = root === null ? EMPTY : quoted(root.service);
  const rootName = root === null ? EMPTY : quoted(root.name);
  let names = '';
  let parts = '';
  for (const { service, spans: own, errors: failed, firstNano } of services) {
    const name = quoted(service);
    const comma = names === '' ? '' : ',';
    names += comma + name;
    parts += `${comma}{"service":${name},"spans":${own},"errors":${failed},"firstNano":"${firstNano}"}`;
  }
  const rootState =
    root === null
      ? 'null'
      : `{"service":${rootService},"name":${rootName},"startNano":"${root.startNano}","durationNano":"${root.durationNano}"}`;
  return (
    `{"@timestamp":"${indexedTime(startNano)}","trace_id":"${delta.traceId}"` +
    `,"duration":${duration > EXACT_NANOS ? EXACT_NANOS : duration},"spans":${spans},"errors":${errors}` +
    member('root_service', rootService) +
    member('root_name', rootName) +
    member('environment', environment) +
    member('correlation_id', correlationId) +
    member('saga_id', sagaId) +
    `,"services":[${names}],"synthetic":${synthetic},"state":{"traceId":"${delta.traceId}"` +
    `,"startNano":"${startNano}","endNano":"${endNano}","spans":${spans},"errors":${errors},"root":${rootState}` +
    `,"services":[${parts}],"environment":${environment},"correlationId":${correlationId},"sagaId":${sagaId}` +
    `,"synthetic":${synthetic},"syntheticCheck":${quoted(delta.syntheticCheck)}}`
  );
}

const EMPTY = '""';

function quoted(text: string): string {
  return text === '' ? EMPTY : JSON.stringify(text);
}

/** Members of empty values are left out: to be there is to be not empty. */
function member(name: string, value: string): string {
  return value === EMPTY ? '' : `,"${name}":${value}`;
}
