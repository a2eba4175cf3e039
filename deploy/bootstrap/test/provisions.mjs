import { CannotError } from '../cannot.mjs';
import { provideChromium } from '../chromium.mjs';
import { installElasticsearch } from '../elasticsearch.mjs';
import { provideFaketime } from '../faketime.mjs';
import { withProgress } from '../progress.mjs';
import { providePython } from '../python.mjs';
import { provideKafka, provideServers } from '../servers.mjs';

/** What some tests need beyond Node. A test without its real part is skipped; with CI nothing may be. */
/** @type {{ what: string, provide: () => Promise<unknown> }[]} */
const provisions = [
  { what: 'Chromium', provide: provideChromium },
  { what: 'Elasticsearch', provide: installElasticsearch },
  { what: 'the OpenTelemetry SDK of Python', provide: providePython },
  { what: 'databases and brokers', provide: provideServers },
  { what: 'Kafka', provide: provideKafka },
  { what: 'a clock that is set', provide: provideFaketime },
];

/**
 * Provides what can be provided here.
 * @param {{ required: boolean }} options `required`: what is missing is an error
 * @returns {Promise<string[]>} one line for each thing that is missing, with what would provide it
 * @throws {CannotError} when something is missing and required
 */
export async function provideForTests({ required }) {
  const missing = [];
  for (const { what, provide } of provisions) {
    try {
      await withProgress(`looking for ${what}`, provide);
    } catch (error) {
      if (required || !(error instanceof CannotError)) throw error;
      missing.push(`tests with ${what} are skipped: ${error.message.split('\n')[0]}`);
    }
  }
  return missing;
}
