import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { B3_FIELDS } from '../context/b3.js';
import { carrierPeer } from '../context/carrier-peer.js';
import { BAGGAGE_KEY, baggageOf, SPAN_KEY, spanOf, TraceContext } from '../context/context.js';
import { wantsB3 } from '../context/formats.js';
import { contextFrom, outgoingHeaders, type Sender } from '../context/propagation.js';
import type { IsTrusted } from '../context/trusted-peers.js';
import { RecordedSpan } from '../record/recorded-span.js';

const CLIENT = 2;
const FIELDS = ['traceparent', 'tracestate', 'baggage', 'x-correlation-id'];
const NO_TRACE_ID = '0'.repeat(32);

/**
 * The API's propagator: instrumentations of brokers and RPC use it. A broker is a system of one's own and counts as trusted,
 * whoever reads from it; a client whose address is known (`noteCarrierPeer`) is believed only if it is trusted. A client span that names its server (gRPC) is for that server: baggage, correlation id and caller
 * go along only where it is trusted.
 */
export class AgentPropagator implements TextMapPropagator {
  constructor(
    private readonly sender: Sender,
    private readonly isTrusted: IsTrusted,
  ) {}

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const active = spanOf(context);
    const span = active?.spanContext();
    if (span === undefined || span.traceId === NO_TRACE_ID) return;
    const server = active instanceof RecordedSpan ? serverOf(active) : undefined;
    const trusted = server === undefined || this.isTrusted(server);
    for (const [name, value] of outgoingHeaders(context, span, this.sender, trusted)) setter.set(carrier, name, value);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const read = (name: string): string | undefined => {
      const value = getter.get(carrier, name);
      return Array.isArray(value) ? value.join(',') : value === undefined ? undefined : String(value);
    };
    const peer = carrierPeer(carrier);
    const came = contextFrom(read, peer === undefined || this.isTrusted(peer), this.sender.formats);
    if (context instanceof TraceContext && came instanceof TraceContext) {
      return context.over(came.span ?? context.span, came.baggage ?? context.baggage, came.facts ?? context.facts);
    }
    const withItsSpan = spanOf(came) === undefined ? context : context.setValue(SPAN_KEY, spanOf(came));
    return baggageOf(came) === undefined ? withItsSpan : withItsSpan.setValue(BAGGAGE_KEY, baggageOf(came));
  }

  fields(): string[] {
    return wantsB3(this.sender.formats) ? [...FIELDS, ...B3_FIELDS] : FIELDS;
  }
}

/** Where a client's call goes; empty when its span keeps nothing and so does not say: that is nobody to be trusted. */
function serverOf({ birth, attributes }: RecordedSpan): string | undefined {
  if (birth.kind !== CLIENT) return undefined;
  const at = attributes.indexOf('server.address');
  const host = at === -1 ? '' : attributes[at + 1];
  return typeof host === 'string' ? host : '';
}
