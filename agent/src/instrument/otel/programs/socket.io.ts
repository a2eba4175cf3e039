import { SocketIoInstrumentation } from '@opentelemetry/instrumentation-socket.io';

export const create = (): SocketIoInstrumentation => new SocketIoInstrumentation();
