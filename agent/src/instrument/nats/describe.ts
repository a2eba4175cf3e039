import type { Attributes, Span } from '@opentelemetry/api';
import type { Scope } from '../../record/scope.js';
import { thrownText } from '../../record/thrown-text.js';
import { AGENT_VERSION } from '../../version.js';

export const NATS_SCOPE: Scope = { name: '@orrery/agent/nats', version: AGENT_VERSION };
const ERROR = 2;

export function describe(subject: string, type: 'send' | 'process', name: string): Attributes {
  return {
    'messaging.system': 'nats',
    'messaging.destination.name': subject,
    'messaging.operation.type': type,
    'messaging.operation.name': name,
  };
}

export function fail(span: Span, error: unknown): void {
  const message = thrownText(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: ERROR, message });
  span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
  span.end();
}
