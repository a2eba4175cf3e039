import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ user: string, password: string }} Credentials
 * @typedef {{ keyFile: string, certificateFile: string, caFile: string }} Tls
 * @typedef {{ home: string, dataDir: string, port: number, heap: string, security?: Credentials | undefined, tls?: Tls | undefined }} ServerSettings
 */

/**
 * Writes a configuration folder of its own for one server, so that several can run from one installation.
 * @param {ServerSettings} settings
 * @returns {string} the folder, for `ES_PATH_CONF`
 */
export function writeConfiguration({ home, dataDir, port, heap, security, tls }) {
  const folder = join(dataDir, 'config');
  mkdirSync(folder, { recursive: true });
  cpSync(join(home, 'config'), folder, { recursive: true, force: false });
  const lines = [
    'cluster.name: orrery',
    'node.name: orrery',
    'discovery.type: single-node',
    // Loopback only: the server is for this machine, whatever its own default would be.
    'network.host: _local_',
    `http.port: ${port}`,
    'transport.port: 0',
    `path.data: ${JSON.stringify(join(dataDir, 'data'))}`,
    `path.logs: ${JSON.stringify(join(dataDir, 'logs'))}`,
    `xpack.security.enabled: ${security !== undefined}`,
    // mmap needs a vm.max_map_count that few machines have set.
    'node.store.allow_mmap: false',
    // A laptop's disk is often fuller than the watermarks; they would turn indices read-only.
    'cluster.routing.allocation.disk.threshold_enabled: false',
    ...(tls ? tlsLines(folder, tls) : []),
  ];
  writeFileSync(join(folder, 'elasticsearch.yml'), `${lines.join('\n')}\n`);
  mkdirSync(join(folder, 'jvm.options.d'), { recursive: true });
  writeFileSync(join(folder, 'jvm.options.d', 'heap.options'), `-Xms${heap}\n-Xmx${heap}\n`);
  return folder;
}

/**
 * The server may read nothing outside its configuration folder.
 * @param {string} folder
 * @param {Tls} tls
 */
function tlsLines(folder, { keyFile, certificateFile }) {
  copyFileSync(keyFile, join(folder, 'http.key'));
  copyFileSync(certificateFile, join(folder, 'http.pem'));
  return [
    'xpack.security.http.ssl.enabled: true',
    'xpack.security.http.ssl.key: http.key',
    'xpack.security.http.ssl.certificate: http.pem',
  ];
}
