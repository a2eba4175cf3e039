import { MongooseInstrumentation } from '@opentelemetry/instrumentation-mongoose';

export const create = (): MongooseInstrumentation => new MongooseInstrumentation();
