#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { pino } from 'pino';
import { secretMask } from './check/secret-mask.js';
import { runOnce } from './command/run-once.js';
import { ConfigError, loadRunnerConfig } from './command/runner-config.js';
import { serve } from './command/serve.js';
import { testNotify } from './command/test-notify.js';
import { validate } from './command/validate.js';
import { variableSource } from './command/variable-source.js';
import { createReceivers, secretsOf } from './notify/receivers.js';
import { junitXml } from './report/junit.js';
import { readableRun, readableSummary } from './report/readable.js';
import { exitCodeOf } from './report/run-report.js';

interface Shared {
  readonly config?: string;
  readonly api: string;
  readonly otlp: string;
  readonly var: string[];
}

const { env } = process;
const print = (line: string) => void process.stdout.write(`${line}\n`);
const collect = (value: string, before: string[]) => [...before, value];

/** Stopping takes no longer than this, whatever hangs. */
const STOP_LIMIT_MS = 8000;

async function prepare(options: Shared) {
  const standard = existsSync('orrery.yaml') ? 'orrery.yaml' : undefined;
  const config = await loadRunnerConfig(options.config ?? standard, env);
  const source = variableSource(config.synthetic.variables, env, options.var);
  const mask = secretMask(env, secretsOf(config.notify));
  return { config, source, mask };
}

function shared(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', 'orrery.yaml: "notify:" and "synthetic:" are read').env('ORRERY_CONFIG'))
    .addOption(new Option('--api <url>', 'the collector’s API').env('ORRERY_API_URL').default('http://127.0.0.1:1781'))
    .addOption(
      new Option('--otlp <url>', 'where traces of runs go').env('ORRERY_OTLP_URL').default('http://127.0.0.1:4318'),
    )
    .option('--var <name=value>', 'a variable of the check files; may be given again', collect, []);
}

async function serveCommand(options: Shared & { checks: string[]; expectations: string[] }): Promise<void> {
  const { config, source, mask } = await prepare(options);
  const log = pino({
    base: { service: 'orrery-synthetic' },
    level: env['ORRERY_LOG_LEVEL'] ?? 'info',
    hooks: maskHook(mask),
  });
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a journey left a promise behind'));
  const paths = [...options.checks, ...options.expectations];
  const running = await serve({ paths, config, source, mask, api: options.api, otlp: options.otlp, log });
  const stop = () => {
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
    void running.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** No secret reaches a log line, whoever wrote it. */
function maskHook(mask: (text: string) => string) {
  return { streamWrite: mask };
}

async function runCommand(
  paths: string[],
  options: Shared & { junit?: string; json?: boolean; artifacts?: string },
): Promise<void> {
  const { config, source, mask } = await prepare(options);
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new Error('stopped')));
  process.once('SIGINT', () => stop.abort(new Error('stopped')));
  const report = await runOnce({
    paths,
    source,
    mask,
    location: config.synthetic.location,
    api: options.api,
    otlp: options.otlp,
    artifacts: options.artifacts,
    stop: stop.signal,
    onRun: (title, run) => options.json || print(readableRun(title, run)),
  });
  print(options.json ? JSON.stringify(report, undefined, 2) : readableSummary(report));
  if (options.junit !== undefined) await writeFile(options.junit, junitXml(report));
  process.exitCode = exitCodeOf(report);
}

const program = new Command('orrery-synthetic')
  .description('Synthetic checks, browser journeys and expectations over real traffic.')
  .showHelpAfterError();

shared(program.command('serve'))
  .description('run everything on its schedule, keep alerts, and page')
  .option('--checks <path...>', 'files or folders', ['checks'])
  .option('--expectations <path...>', 'files or folders', ['expectations'])
  .action(serveCommand);

shared(program.command('run'))
  .description('run everything once: exit code 0 all pass, 1 something does not, 2 faults in files')
  .argument('<paths...>', 'files or folders')
  .option('--junit <file>', 'write JUnit XML')
  .option('--json', 'print the report as JSON')
  .option('--artifacts <folder>', 'keep screenshots and answers of failed steps')
  .action(runCommand);

shared(program.command('validate'))
  .description('check the files and run nothing: exit code 0 or 2')
  .argument('<paths...>', 'files or folders')
  .action(async (paths: string[], options: Shared) => {
    const { source } = await prepare(options);
    process.exitCode = await validate(paths, source, print);
  });

shared(program.command('test-notify'))
  .description('send a page and its resolve to every receiver')
  .action(async (options: Shared) => {
    const { config } = await prepare(options);
    const dashboard = config.synthetic.dashboard_url ?? options.api;
    process.exitCode = await testNotify(createReceivers(config.notify), dashboard, print);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
