import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { provideJavaHome, provideMaven } from '../elasticsearch/java.mjs';
import { findFreePort } from '../free-port.mjs';
import { handOver, reachableFolder } from '../reachable-folder.mjs';
import { root } from '../repository.mjs';
import { singleRun } from '../single-run.mjs';
import { startProgram, temporaryFolder } from './program.mjs';

/** The last line of Kafka that still speaks the protocols of clients of any age. */
const version = '3.9.1';
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>orrery</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;

const home = () => join(reachableFolder(join(root, '.tools')), `kafka-${version}`);

/** @type {import('../servers.d.mts').hasKafka} */
export function hasKafka() {
  return existsSync(home());
}

/** @type {import('../servers.d.mts').provideKafka} */
export async function provideKafka() {
  const folder = home();
  return singleRun(`${folder}.lock`, async () => {
    const javaHome = await provideJavaHome();
    if (!hasKafka()) await fetchJars(folder);
    return { home: folder, javaHome };
  });
}

/** @param {string} target */
async function fetchJars(target) {
  await provideMaven();
  const folder = `${target}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), project);
  const args = ['-B', '-ntp', '-q', plugin, `-DoutputDirectory=${join(folder, 'libs')}`, '-DincludeScope=runtime'];
  const { code, output } = await runCommand('mvn', args, { cwd: folder });
  if (code !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new CannotError(
      `Kafka ${version} could not be fetched from Maven Central: check the network (or a mirror in ~/.m2/settings.xml).\n${lastLines(output)}`,
    );
  }
  handOver(folder);
  renameSync(folder, target);
}

/** @type {import('../servers.d.mts').startKafka} */
export async function startKafka() {
  const { home: jars, javaHome } = await provideKafka();
  const [port, controller] = [await findFreePort(), await findFreePort()];
  const folder = temporaryFolder('kafka');
  const data = join(folder, 'data');
  mkdirSync(data);
  // What Kafka's own tool for formatting would write, without a JVM of its own.
  writeFileSync(join(data, 'meta.properties'), 'version=1\ncluster.id=4L6g3nShT-eMCtK--X86sw\nnode.id=1\n');
  writeFileSync(
    join(folder, 'server.properties'),
    Object.entries({
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'log.dirs': data,
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.num.partitions': 1,
      'transaction.state.log.min.isr': 1,
      'group.initial.rebalance.delay.ms': 0,
      'log.cleaner.enable': false,
    })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  );
  handOver(folder);
  const running = await startProgram({
    name: 'Kafka',
    folder,
    command: join(javaHome, 'bin', 'java'),
    args: [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-cp',
      join(jars, 'libs', '*'),
      'kafka.Kafka',
      'server.properties',
    ],
    port,
  });
  return { ...running, url: `127.0.0.1:${port}` };
}
