import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const root = protobuf.loadSync(fileURLToPath(new URL('otlp.proto', import.meta.url)));

/** protobufjs's reading of OTLP: an oracle that shares no code with ours. */
export const Traces = root.lookupType('otlp.ExportTraceServiceRequest');
export const Logs = root.lookupType('otlp.ExportLogsServiceRequest');
export const Metrics = root.lookupType('otlp.ExportMetricsServiceRequest');
export const ExportResponse = root.lookupType('otlp.ExportServiceResponse');
export const RpcStatus = root.lookupType('otlp.RpcStatus');

/** Encodes a plain object (camelCase, 64-bit numbers as text or number). */
export function encode(type: protobuf.Type, message: object): Uint8Array {
  return type.encode(type.fromObject(message)).finish();
}
