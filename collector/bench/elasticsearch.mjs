/**
 * What keeping a span in Elasticsearch costs this process: `node bench/elasticsearch.mjs [url] [spans]` after a build.
 * Without a URL it starts a server of its own. Prints microseconds of CPU per span and their parts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startElasticsearch } from '../../deploy/bootstrap/elasticsearch.mjs';
import { decodeTraces } from '../dist/decode/decode-traces.js';
import { projectTraces } from '../dist/project/project-traces.js';
import { ElasticsearchConfig } from '../dist/store/elasticsearch/config.js';
import { openElasticsearchStore } from '../dist/store/elasticsearch/open-elasticsearch-store.js';
import { AttributeKeys } from '../dist/store/elasticsearch/write/attribute-keys.js';
import { DocumentBatch } from '../dist/store/elasticsearch/write/document-batch.js';
import { targetIndex } from '../dist/store/elasticsearch/write/item-context.js';
import { addSpans } from '../dist/store/elasticsearch/write/span-documents.js';
import { spanRequests } from './span-requests.mjs';

const SPANS_PER_REQUEST = 1000;
const total = Number(process.argv[3] ?? 200_000);
const root = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
const server = process.argv[2] ? null : await startElasticsearch({ dataDir: join(root, 'server'), heap: '1g' });
const url = process.argv[2] ?? server?.url;
const prefix = `bench-${Date.now()}`;
const records = spanRequests(total / SPANS_PER_REQUEST, SPANS_PER_REQUEST);

try {
  // Everything is run once before it is measured: the compiler has to have seen it.
  for (const measured of [false, true]) {
    const cpu = (name, work) => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      if (measured) console.log(`${name.padEnd(34)} ${((user + system) / total).toFixed(2)} µs/span`);
    };
    cpu('decode', () => {
      for (const record of records) decodeTraces(record.body);
    });
    cpu('decode + documents (NDJSON)', () => {
      const target = targetIndex('bench', new AttributeKeys(1500), new AttributeKeys(1500));
      let bytes = 0;
      for (const record of records) {
        const batch = new DocumentBatch(2_000_000);
        addSpans(target, decodeTraces(record.body).columns, 'bench', record.position, () => batch);
        bytes += batch.out.length;
      }
      if (measured) console.log(`${'NDJSON'.padEnd(34)} ${(bytes / total).toFixed(0)} bytes/span`);
    });
    cpu('decode + projections', () => {
      for (const record of records) projectTraces(decodeTraces(record.body).columns, [], record.receivedNano);
    });
  }

  const store = await openElasticsearchStore(
    ElasticsearchConfig.parse({ url, index_prefix: prefix, retention_hours: 0 }),
    { logDirectory: join(root, 'log') },
  );
  const { signal } = new AbortController();
  const warm = records.slice(0, Math.max(1, Math.floor(records.length / 10)));
  await store.writer.write(warm, signal);
  const rest = records.slice(warm.length);
  const spans = rest.length * SPANS_PER_REQUEST;
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  for (let from = 0; from < rest.length; from += 20) await store.writer.write(rest.slice(from, from + 20), signal);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(before);
  console.log(`${'whole writer, with HTTP'.padEnd(34)} ${((user + system) / spans).toFixed(2)} µs/span`);
  console.log(
    `${'through to Elasticsearch'.padEnd(34)} ${Math.round(spans / seconds)} spans/s (server on the same cores)`,
  );
  await store.close();
} finally {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}
