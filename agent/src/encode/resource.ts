import type { Attributes } from '@opentelemetry/api';
import type { Scope } from '../record/scope.js';
import { encodeAttribute } from './attributes.js';
import { ProtoWriter } from './proto-writer.js';

const RESOURCE = 10;
const RESOURCE_ATTRIBUTES = 10;
const SCOPE = 10;
const SCOPE_NAME = 10;
const SCOPE_VERSION = 18;
const SCHEMA_URL = 26;
const MAX_CHARS = 16_384;

/** Field `resource` of ResourceSpans, ResourceLogs and ResourceMetrics (the same in all three). */
export function encodeResource(attributes: Attributes): Uint8Array {
  const writer = new ProtoWriter(1024);
  const mark = writer.open(RESOURCE, 2);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) encodeAttribute(writer, RESOURCE_ATTRIBUTES, key, value, MAX_CHARS);
  }
  writer.close(mark, 2);
  return writer.buffer.subarray(0, writer.position);
}

/** Fields `scope` and `schema_url` of ScopeSpans, ScopeLogs and ScopeMetrics (the same in all three). */
export function encodeScope(scope: Scope): Uint8Array {
  const writer = new ProtoWriter(256);
  const mark = writer.open(SCOPE);
  writer.stringField(SCOPE_NAME, scope.name);
  if (scope.version !== '') writer.stringField(SCOPE_VERSION, scope.version);
  writer.close(mark);
  if (scope.schemaUrl !== undefined) writer.stringField(SCHEMA_URL, scope.schemaUrl);
  return writer.buffer.subarray(0, writer.position);
}
