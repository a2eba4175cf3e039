import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';

export const create = (): AwsInstrumentation => new AwsInstrumentation();
