import { z } from 'zod';
import { ExpectationFile } from './expectation.js';
import { HttpCheckFile } from './http-check.js';
import { JourneyDefinition } from './journey.js';

/** JSON Schemas of the files people write, for editors; published under `schema/`. */
export function jsonSchemas(): Record<string, object> {
  return {
    'check.schema.json': jsonSchema(HttpCheckFile, 'An Orrery HTTP check'),
    'expectation.schema.json': jsonSchema(ExpectationFile, 'An Orrery expectation'),
    'journey-definition.schema.json': jsonSchema(JourneyDefinition, 'The head of an Orrery journey'),
  };
}

function jsonSchema(schema: z.ZodType, title: string): object {
  return { title, ...z.toJSONSchema(schema, { io: 'input' }) };
}
