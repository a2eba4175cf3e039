import type { Client, estypes } from '@elastic/elasticsearch';
import { StoreError } from '../store.js';
import type { ElasticsearchConfig } from './config.js';
import { asStoreError } from './errors.js';
import { fewAtOnce } from './few-at-once.js';
import { type IndexKind, type IndexNames, LASTING_KINDS, SLICED_KINDS } from './indices.js';
import { mappingOf } from './mappings.js';

/** Grows with every change of a mapping. A cluster whose templates are newer belongs to a newer Orrery. */
export const TEMPLATE_VERSION = 2;

/**
 * Installs the index templates that are missing or older; does nothing where they are as they should be.
 * @throws StoreError `format_newer` when a newer Orrery installed them: all of them are left alone
 */
export async function installTemplates(
  client: Client,
  names: IndexNames,
  config: ElasticsearchConfig,
  signal: AbortSignal,
): Promise<void> {
  const installed = await installedVersions(client, names, signal);
  const kinds = [...SLICED_KINDS, ...LASTING_KINDS];
  for (const kind of kinds) {
    const version = installed.get(names.alias(kind)) ?? 0;
    if (version <= TEMPLATE_VERSION) continue;
    throw new StoreError(
      'format_newer',
      `The index template ${names.alias(kind)} is of version ${version}, this Orrery knows ${TEMPLATE_VERSION}: use the newer Orrery, or another index_prefix.`,
      { retryable: false },
    );
  }
  const older = kinds.filter((kind) => installed.get(names.alias(kind)) !== TEMPLATE_VERSION);
  await fewAtOnce(older, (kind) =>
    putTemplate(client, names.alias(kind), kind, config, signal).catch((error: unknown) => {
      throw asStoreError(error, `installing the index template ${names.alias(kind)}`);
    }),
  );
}

/** Versions by name of template; 0 for one that is not ours. */
async function installedVersions(client: Client, names: IndexNames, signal: AbortSignal): Promise<Map<string, number>> {
  try {
    const answer = await client.indices.getIndexTemplate({ name: names.everything }, { signal });
    return new Map(
      answer.index_templates.map(({ name, index_template }) => {
        const meta = index_template._meta as { orrery?: { version?: number } } | undefined;
        return [name, meta?.orrery?.version ?? 0];
      }),
    );
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return new Map();
    throw asStoreError(error, 'reading the index templates');
  }
}

async function putTemplate(
  client: Client,
  name: string,
  kind: IndexKind,
  config: ElasticsearchConfig,
  signal: AbortSignal,
): Promise<void> {
  const lasting = (LASTING_KINDS as readonly string[]).includes(kind);
  const template: estypes.IndicesPutIndexTemplateRequest = {
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
  };
  await client.indices.putIndexTemplate(template, { signal });
}
