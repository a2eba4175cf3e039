import { realpathSync } from 'node:fs';
import { findFreePort } from '../../deploy/bootstrap/free-port.mjs';
import { startPostgresql, startRedis } from '../../deploy/bootstrap/servers.mjs';
import { NODES, nodeProgram } from '../matrix/nodes.js';
import { startSink } from '../test/sink/otlp-sink.js';
import { differing, endsLater, visible } from './compare.js';
import { install } from './install.js';
import { type Judgement, judge } from './judge.js';
import type { PublishedApp } from './published-app.js';
import { type Run, type RunOptions, runOnce } from './run-once.js';

const PORTS = 3;

/** What came of one application. */
export interface Tried {
  readonly app: PublishedApp;
  readonly node: string;
  readonly judgement: Judgement;
  /** What is otherwise with the agent, and is not between two runs without it. */
  readonly differences: readonly string[];
  readonly endMs: { readonly plain: number; readonly observed: number };
}

/** Runs it without the agent and with it; what differs is looked at again without. */
export async function tryApp(app: PublishedApp, cache: string): Promise<Tried> {
  const major = app.node ?? NODES[0];
  const node = nodeProgram(major);
  if (node === undefined) throw new Error(`${app.name} needs Node ${major}, which is not here`);
  const folder = realpathSync(await install(app, cache, node));
  const ports = await Promise.all(Array.from({ length: PORTS }, () => findFreePort()));
  const options = { folder, node, ports };
  const plain = await runWithServer(app, options);
  const sink = await startSink();
  try {
    const observed = await runWithServer(app, { ...options, collector: sink.url });
    const judgement = judge(app, observed, sink);
    return { app, node: String(major), judgement, ...(await compared(app, options, plain, observed)) };
  } finally {
    await sink.close();
  }
}

type Options = Omit<RunOptions, 'server'>;

async function compared(
  app: PublishedApp,
  options: Options,
  plain: Run,
  observed: Run,
): Promise<Pick<Tried, 'differences' | 'endMs'>> {
  const [before, withAgent] = [visible(plain), visible(observed)];
  const isExcused = (name: string): boolean => app.exceptions?.some(({ what }) => what.test(name)) ?? false;
  let differences = differing(before, withAgent).filter((name) => !isExcused(name));
  if (differences.length > 0 || endsLater(plain, observed)) {
    const again = visible(await runWithServer(app, options));
    const unsteady = new Set(differing(before, again));
    differences = differences.filter((name) => !unsteady.has(name));
  }
  const endMs = { plain: plain.end.ms, observed: observed.end.ms };
  return {
    endMs,
    differences: [
      ...differences.map((name) => `${name}\n    without: ${before.get(name)}\n    with:    ${withAgent.get(name)}`),
      ...(endsLater(plain, observed) ? [`ends after ${endMs.observed} ms, not ${endMs.plain} ms`] : []),
    ],
  };
}

async function runWithServer(app: PublishedApp, options: Options): Promise<Run> {
  if (app.needs === undefined) return runOnce(app, { ...options, server: '' });
  const server = await (app.needs === 'redis' ? startRedis() : startPostgresql());
  try {
    return await runOnce(app, { ...options, server: server.url });
  } finally {
    await server.stop();
  }
}
