import type { SpanCategory } from '../../api/contract/index.js';
import { Name } from '../../telemetry/vocabulary.js';

/** What a span is about, by the keys it has; the first that fits. */
export const CATEGORY_KEYS: readonly [SpanCategory, readonly string[]][] = [
  ['breaker', [Name.breakerName]],
  ['saga', [Name.sagaStep]],
  ['database', [Name.dbSystem, Name.dbSystemOld]],
  ['messaging', [Name.messagingSystem, Name.messagingDestination]],
  ['rpc', [Name.rpcSystem, Name.rpcMethod]],
  ['http', [Name.httpMethod, 'http.method', Name.httpRoute]],
];
