#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AskApi } from './admin/ask-api.js';
import type { Told } from './admin/dead-letter-commands.js';
import { ROLES, type RoleName } from './assemble/role.js';
import type { FromRole, ToRole } from './assemble/supervised-messages.js';
import type { OrreryConfig } from './config/schema.js';

const program = fileURLToPath(import.meta.url);
const uiFolder = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));
const agentFile = fileURLToPath(new URL('../../agent/dist/register.cjs', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Flags of every command that starts something. */
interface Flags {
  config?: string;
  dataDir?: string;
  host?: string;
  uiPort?: string;
  otlpPort?: string;
  store?: string;
  elasticsearchUrl?: string;
  supervised?: boolean;
}

async function readConfig(flags: Flags): Promise<OrreryConfig> {
  const { loadConfig } = await import('./config/load-config.js');
  return loadConfig({
    file: flags.config,
    env: process.env,
    flags: {
      data_dir: flags.dataDir,
      host: flags.host,
      ui_port: flags.uiPort,
      otlp_port: flags.otlpPort,
      store: flags.store,
      'elasticsearch.url': flags.elasticsearchUrl,
    },
    cwd: process.cwd(),
  });
}

/** Resolves at the first signal to stop; the second ends the process at once. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
  });
}

async function startAll(flags: Flags): Promise<void> {
  const asked = stopAsked();
  const config = await readConfig(flags);
  const [{ createLogger }, { runAll }] = await Promise.all([
    import('./self/create-logger.js'),
    import('./assemble/run-all.js'),
  ]);
  const logger = createLogger('orrery', config.log_level, process.stderr);
  const starting = new AbortController();
  void asked.then(() => starting.abort());
  const running = await runAll({ program, config, logger, signal: starting.signal }).catch((error: unknown) => {
    if (starting.signal.aborted) return null;
    throw error;
  });
  if (!running) return;
  process.stderr.write(`orrery ${version} runs: ${running.sentences.join(' · ')} · data in ${config.data_dir}\n`);
  await asked;
  await running.stop();
}

async function startOne(role: RoleName, flags: Flags): Promise<void> {
  const asked = stopAsked();
  const config = await readConfig(flags);
  const running = await start(role, config);
  process.stderr.write(`orrery ${role} ${version} runs: ${running.sentence} · data in ${config.data_dir}\n`);
  await asked;
  await running.stop();
}

async function start(role: RoleName, config: OrreryConfig) {
  const [{ createLogger }, { runRole }] = await Promise.all([
    import('./self/create-logger.js'),
    import('./assemble/run-role.js'),
  ]);
  const logger = createLogger(`orrery-${role}`, config.log_level, process.stderr);
  return runRole(role, { config, logger, version, uiFolder, agentFile });
}

/** As a process of the supervisor: configuration and the order to stop come over the channel, and so does its death. */
async function startSupervised(role: RoleName): Promise<void> {
  // A Ctrl-C reaches the whole group; the supervisor decides who stops when.
  process.on('SIGINT', () => undefined);
  const tell = (message: FromRole): void => void process.send?.(message, () => undefined);
  const stop = new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
    process.once('SIGTERM', () => resolve());
    process.on('message', (message: ToRole) => message.kind === 'stop' && resolve());
  });
  const config = await new Promise<OrreryConfig>((resolve) => {
    process.on('message', (message: ToRole) => message.kind === 'start' && resolve(message.config));
  });
  try {
    const running = await start(role, config);
    tell({ kind: 'running', sentence: running.sentence });
    await stop;
    await running.stop();
  } catch (error) {
    tell({ kind: 'failed', sentence: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

interface LetterFlags extends Flags {
  json?: boolean;
  group?: string;
  all?: boolean;
}

/** Where the running collector is. */
function withAddress(command: Command): Command {
  return withConfig(command)
    .option('--host <address>', 'where it listens (127.0.0.1)')
    .option('--ui-port <port>', 'dashboard and API (1781)');
}

function withConfig(command: Command): Command {
  return command.option('--config <file>', 'configuration (orrery.yaml, if it is there)');
}

function withFlags(command: Command): Command {
  return withConfig(command)
    .option('--data-dir <folder>', 'where everything is kept (.orrery)')
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--ui-port <port>', 'dashboard and API (1781)')
    .option('--otlp-port <port>', 'OTLP/HTTP and _bulk (4318)')
    .addOption(new Option('--store <store>', 'where telemetry is kept (duckdb)').choices(['duckdb', 'elasticsearch']))
    .option('--elasticsearch-url <url>', 'the server, with --store elasticsearch (http://127.0.0.1:9200)');
}

/** The command that is meant where none is named: a word behind it is a command that there is not. */
function asDefault(command: Command): Command {
  return command.allowExcessArguments().hook('preAction', () => {
    const [word] = command.args;
    const place = command.parent === cli ? 'orrery' : `orrery ${command.parent?.name()}`;
    if (word !== undefined) command.error(`There is no command ${word}: see ${place} --help.`);
  });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

const cli = new Command('orrery')
  .description('Receives OTLP, keeps what it acknowledges, and answers questions about it.')
  .version(version)
  .addHelpText('after', '\nEvery option is a key of orrery.yaml, and ORRERY_A__B in the environment says a.b.');
const all = withFlags(
  cli.command('start', { isDefault: true }).description('all of it: intake, store, API, dashboard'),
);
asDefault(all).action(startAll);
// `orrery` alone is `orrery start`, so its help shows that command's options.
cli.configureHelp({ visibleOptions: (command) => [...command.options, ...(command === cli ? all.options : [])] });
/** Runs a command on the collector that is running; it prints, and says how it went by its exit code. */
async function administer(flags: Flags, work: (ask: AskApi) => Promise<Told>): Promise<void> {
  const config = await readConfig(flags);
  const [{ askApi }, { urlHost }] = await Promise.all([
    import('./admin/ask-api.js'),
    import('./assemble/ingest-role.js'),
  ]);
  const { lines, exitCode } = await work(askApi(`http://${urlHost(config.host)}:${config.ui_port}`));
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exitCode = exitCode;
}

const letters = cli.command('dead-letters').description('what was acknowledged and can not be stored');
const letterFlags = (command: Command): Command =>
  withAddress(command).option('--json', 'one JSON document a line, for other programs');
const letterCommands = () => import('./admin/dead-letter-commands.js');
asDefault(letterFlags(letters.command('list', { isDefault: true }).description('newest first')))
  .option('--group <text>', 'only letters of this group of reasons', '')
  .option('--limit <count>', 'at most so many', wholeNumber, 100)
  .action((flags: LetterFlags & { limit: number }) =>
    administer(flags, async (ask) =>
      (await letterCommands()).listDeadLetters(
        { ask, json: flags.json ?? false },
        { group: flags.group ?? '', limit: flags.limit },
      ),
    ),
  );
letterFlags(letters.command('show <id>').description('one of them: why, where the fault is, what it holds')).action(
  (id: string, flags: LetterFlags) =>
    administer(flags, async (ask) => (await letterCommands()).showDeadLetter({ ask, json: flags.json ?? false }, id)),
);
for (const what of ['replay', 'drop'] as const)
  letterFlags(
    letters
      .command(`${what} [id]`)
      .description(what === 'replay' ? 'store it after all, exactly once' : 'give it up for good'),
  )
    .option('--all', 'all of them')
    .option('--group <text>', 'with --all: only letters of this group of reasons', '')
    .action((id: string | undefined, flags: LetterFlags) =>
      administer(flags, async (ask) => {
        const commands = await letterCommands();
        const asked = { ask, json: flags.json ?? false };
        if ((id === undefined) === (flags.all !== true))
          throw new Error(`Say which: dead-letters ${what} <id>, or --all.`);
        if (id !== undefined)
          return what === 'replay' ? commands.replayDeadLetter(asked, id) : commands.dropDeadLetter(asked, id);
        const group = flags.group ?? '';
        return what === 'replay'
          ? commands.replayAllDeadLetters(asked, group)
          : commands.dropAllDeadLetters(asked, group);
      }),
    );

withConfig(cli.command('backup <folder>').description('copy all that a running collector keeps, while it runs'))
  .option('--data-dir <folder>', 'of the running collector (.orrery)')
  .action(async (folder: string, flags: Flags) => {
    const { data_dir } = await readConfig(flags);
    const [{ backup, megabytes }, { progressLine }] = await Promise.all([
      import('./admin/backup.js'),
      import('./admin/progress-line.js'),
    ]);
    const stopping = new AbortController();
    void stopAsked().then(() => stopping.abort(new Error('The backup was stopped, and what was copied is removed.')));
    const line = progressLine(process.stderr);
    const { files } = await backup(data_dir, folder, { version, progress: line.show, signal: stopping.signal });
    line.end();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    process.stdout.write(`${folder} is a whole backup: ${files.length} files, ${megabytes(bytes)}.\n`);
  });

withConfig(cli.command('restore <backup>').description('make a data directory of a backup'))
  .requiredOption('--data-dir <folder>', 'the new data directory; it must be empty or not be there')
  .action(async (folder: string, flags: Flags) => {
    const { data_dir } = await readConfig(flags);
    const [{ restore }, { megabytes }, { progressLine }] = await Promise.all([
      import('./admin/restore.js'),
      import('./admin/backup.js'),
      import('./admin/progress-line.js'),
    ]);
    const line = progressLine(process.stderr);
    const { files, made, version: by } = await restore(folder, data_dir, line.show);
    line.end();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const slices = files.filter(({ path }) => path.startsWith('slices')).length;
    process.stdout.write(
      `${data_dir} holds what Orrery ${by} had on ${made}: ${slices} slices and the log, ${megabytes(bytes)}, every file checked. Start it with --data-dir ${data_dir}.\n`,
    );
  });

for (const role of ROLES)
  withFlags(cli.command(role).description(`the ${role} process alone`))
    .addOption(new Option('--supervised', 'as a process of `orrery start`').hideHelp())
    .action((flags: Flags) => (flags.supervised ? startSupervised(role) : startOne(role, flags)));

cli.parseAsync().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
