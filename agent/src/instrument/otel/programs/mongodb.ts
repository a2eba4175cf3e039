import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';

export const create = (): MongoDBInstrumentation => new MongoDBInstrumentation();
