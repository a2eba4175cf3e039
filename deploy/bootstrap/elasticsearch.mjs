import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotError, runMain } from './cannot.mjs';
import { installElasticsearch } from './elasticsearch/install.mjs';
import { startElasticsearch } from './elasticsearch/server.mjs';
import { endGroup } from './process-group.mjs';
import { reachableFolder } from './reachable-folder.mjs';
import { isProgram, root } from './repository.mjs';

export { installElasticsearch, startElasticsearch };

const usage = `node deploy/bootstrap/elasticsearch.mjs install | start | stop [--port 9200] [--data-dir <folder>] [--heap 512m]

  install   fetches the server (and, as root on Debian, Java and Maven)
  start     starts it in the background and prints its address
  stop      stops the one that start started with the same data directory`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, 'data-dir': { type: 'string' }, heap: { type: 'string' } },
  });
  const dataDir = reachableFolder(resolve(values['data-dir'] ?? join(root, '.orrery', 'elasticsearch')));
  const stateFile = join(dataDir, 'running.json');
  switch (positionals[0]) {
    case 'install':
      console.log(`Elasticsearch is in ${(await installElasticsearch()).home}`);
      return;
    case 'start': {
      const server = await startElasticsearch({
        port: Number(values.port ?? 9200),
        dataDir,
        heap: values.heap ?? '512m',
        outlive: true,
      });
      writeFileSync(stateFile, JSON.stringify({ pid: server.pid, url: server.url }));
      console.log(server.url);
      return;
    }
    case 'stop':
      if (!existsSync(stateFile)) throw new CannotError(`No Elasticsearch was started with the data in ${dataDir}.`);
      await endGroup(JSON.parse(readFileSync(stateFile, 'utf8')).pid, 20_000);
      rmSync(stateFile);
      return;
    default:
      throw new CannotError(usage);
  }
}

if (isProgram(import.meta.url)) await runMain(main);
