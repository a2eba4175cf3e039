import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';

export const create = (): GrpcInstrumentation => new GrpcInstrumentation();
