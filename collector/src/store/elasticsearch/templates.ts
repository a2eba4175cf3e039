import type { Client } from '@elastic/elasticsearch';
import { StoreError } from '../store.js';
import type { ElasticsearchConfig } from './config.js';
import { asStoreError } from './errors.js';
import { type IndexKind, type IndexNames, SLICED_KINDS } from './indices.js';
import { mappingOf } from './mappings.js';

/** Grows with every change of a mapping. A cluster whose templates are newer belongs to a newer Orrery. */
export const TEMPLATE_VERSION = 1;

/**
 * Installs the index templates that are missing or older; does nothing where they are as they should be.
 * @throws StoreError `format_newer` when a newer Orrery installed them: they are left alone
 */
export async function installTemplates(client: Client, names: IndexNames, config: ElasticsearchConfig): Promise<void> {
  for (const kind of [...SLICED_KINDS, 'senders', 'control'] as const) {
    const name = names.alias(kind);
    const installed = await installedVersion(client, name);
    if (installed > TEMPLATE_VERSION) {
      throw new StoreError(
        'format_newer',
        `The index template ${name} is of version ${installed}, this Orrery knows ${TEMPLATE_VERSION}: use the newer Orrery, or another index_prefix.`,
        { retryable: false },
      );
    }
    if (installed === TEMPLATE_VERSION) continue;
    await putTemplate(client, name, kind, config).catch((error: unknown) => {
      throw asStoreError(error, `installing the index template ${name}`);
    });
  }
}

async function installedVersion(client: Client, name: string): Promise<number> {
  try {
    const answer = await client.indices.getIndexTemplate({ name });
    const meta = answer.index_templates[0]?.index_template._meta as { orrery?: { version?: number } } | undefined;
    return meta?.orrery?.version ?? 0;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return 0;
    throw asStoreError(error, `reading the index template ${name}`);
  }
}

async function putTemplate(client: Client, name: string, kind: IndexKind, config: ElasticsearchConfig): Promise<void> {
  const lasting = kind === 'senders' || kind === 'control';
  await client.indices.putIndexTemplate({
    name,
    index_patterns: [lasting ? name : `${name}-*`],
    priority: 500,
    _meta: { orrery: { version: TEMPLATE_VERSION } },
    template: {
      ...(lasting ? {} : { aliases: { [name]: {} } }),
      settings: {
        index: {
          number_of_shards: lasting ? 1 : config.shards,
          auto_expand_replicas: '0-1',
          // A 200 has to mean "on disk": the log is released on it.
          translog: { durability: 'request' },
          // Said aloud, or an idle shard would not refresh by itself, and nothing new would be found.
          refresh_interval: '1s',
          codec: 'best_compression',
          mapping: {
            total_fields: { limit: config.attribute_fields * 4 + 1000, ignore_dynamic_beyond_limit: true },
            // Keys are checked by length before they become fields; nothing else may refuse a document.
            field_name_length: { limit: 2000 },
          },
        },
      },
      mappings: mappingOf(kind),
    },
  });
}
