import { connect } from 'node:http2';
import { type OtlpSink, startSink } from '../test/sink/otlp-sink.js';
import { type RunningApp, runNode } from '../test/sink/run-app.js';
import { faultsOfLogs, faultsOfTree } from './check.js';
import type { BuiltApp } from './kinds.js';
import { startBroker } from './mqtt-broker.js';
import type { Exchange, Scenario } from './scenario.js';
import type { Servers } from './servers.js';

/** How long telemetry may be under way before it counts as missing. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 30;

/** Runs an application with the agent and everything its scenario asks; answers what was not as it must be. */
export async function runCell(app: BuiltApp, scenario: Scenario, node: string, servers: Servers): Promise<string[]> {
  const { needs } = scenario;
  if (needs === undefined || needs === 'mqtt broker') return runWith(app, scenario, node, '');
  return servers.alone(needs, (url) => runWith(app, scenario, node, url));
}

async function runWith(app: BuiltApp, scenario: Scenario, node: string, serverUrl: string): Promise<string[]> {
  const sink = await startSink();
  const broker = scenario.needs === 'mqtt broker' ? await startBroker() : undefined;
  const running = runNode([app.file], {
    node,
    collector: sink.url,
    nodeArguments: app.nodeArguments,
    env: {
      OTEL_SERVICE_NAME: 'matrix',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      ...app.env,
      ...scenario.env,
      BROKER_URL: broker?.url ?? '',
      SERVER_URL: serverUrl,
    },
  });
  try {
    const port = await running.port;
    const answers: string[] = [];
    for (const [index, exchange] of scenario.exchanges.entries()) {
      answers.push(...(await ask(exchange, `m${index}`, port, scenario.protocol)));
    }
    const faults = await settled(() => faultsOf(scenario, sink, running));
    return [...answers, ...faults, ...complaints(running)];
  } catch (error) {
    return [`${error instanceof Error ? error.message : String(error)}`, ...complaints(running)];
  } finally {
    await running.stop();
    await sink.close();
    broker?.close();
  }
}

/** Faults that are still there after `PATIENCE_MS`: what is missing may be on its way. */
async function settled(look: () => string[]): Promise<string[]> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const faults = look();
    if (faults.length === 0 || Date.now() > until) return faults;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function faultsOf(scenario: Scenario, sink: OtlpSink, running: RunningApp): string[] {
  const faults = scenario.exchanges.flatMap((exchange, index) => {
    const spans = sink.spans.filter(({ attributes }) => attributes['correlation.id'] === `m${index}`);
    const wrong = [
      ...faultsOfTree(spans, exchange.span),
      ...faultsOfLogs(sink.logs, running.output().stdout, spans, exchange.logs ?? []),
    ];
    return wrong.map((fault) => `${exchange.method ?? 'GET'} ${exchange.path}: ${fault}`);
  });
  const also = scenario.also?.(sink);
  return also === undefined ? faults : [...faults, also];
}

/** The agent has nothing to say when all is well. */
function complaints(running: RunningApp): string[] {
  const told = running
    .output()
    .stderr.split('\n')
    .filter((line) => line.startsWith('orrery:'));
  return told.map((line) => `on stderr: ${line}`);
}

async function ask(
  exchange: Exchange,
  correlation: string,
  port: number,
  protocol: 'h2c' | undefined,
): Promise<string[]> {
  const { path, method = 'GET', body, status, abortAfterMs } = exchange;
  const headers = {
    'x-correlation-id': correlation,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  if (protocol === 'h2c') return askOverHttp2(exchange, headers, port);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(abortAfterMs === undefined ? {} : { signal: AbortSignal.timeout(abortAfterMs) }),
    });
    const text = await answer.text();
    return answer.status === status ? [] : [`${method} ${path}: answered ${answer.status} ${text.slice(0, 200)}`];
  } catch (error) {
    return status === undefined ? [] : [`${method} ${path}: ${String(error)}`];
  }
}

async function askOverHttp2(
  { path, method = 'GET', status, abortAfterMs }: Exchange,
  headers: Record<string, string>,
  port: number,
): Promise<string[]> {
  const session = connect(`http://127.0.0.1:${port}`);
  try {
    const stream = session.request({ ':path': path, ':method': method, ...headers });
    if (abortAfterMs !== undefined) setTimeout(() => stream.close(), abortAfterMs);
    stream.resume();
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      let given: number | undefined;
      stream.on('response', (answer) => {
        given = Number(answer[':status']);
      });
      stream.on('close', () => resolve(given));
      stream.on('error', reject);
      session.on('error', reject);
    });
    return answered === status ? [] : [`${method} ${path}: answered ${answered}`];
  } catch (error) {
    return status === undefined ? [] : [`${method} ${path}: ${String(error)}`];
  } finally {
    session.close();
  }
}
