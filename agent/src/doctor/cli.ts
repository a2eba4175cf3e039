import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { destination } from '../config/destination.js';
import { readConfig } from '../config/read-config.js';
import { SIGNALS } from '../export/mailbox.js';
import { AGENT_VERSION } from '../version.js';
import { askCollector } from './ask-collector.js';
import { findingsOf } from './findings.js';
import { report } from './report.js';
import { runApplication } from './run-application.js';

const USAGE = `orrery-agent doctor [options] <program> [arguments of the program]

Runs the program with the agent for some seconds and tells what is loaded, what is observed and how, what is not and
why, and whether the collector answers. The environment is that of the program: set OTEL_* as it will be set.

  --seconds <n>   how long to watch (5)
  --json          the findings as JSON
  --version       version of the agent
  --help          this text

Exit codes: 0 all is well, 1 something needs a look, 2 not understood.
`;

/** Runs the command; answers the exit code. */
export async function main(programs: string, args: readonly string[]): Promise<number> {
  const command = args[0];
  if (command === '--version') return print(`${AGENT_VERSION}\n`, 0);
  if (command === undefined || command === '--help' || command === '-h')
    return print(USAGE, command === undefined ? 2 : 0);
  if (command !== 'doctor') return complain(`there is no command "${command}"`);
  // The doctor's own options end where the program begins.
  const at = args.findIndex((arg, i) => i > 0 && !arg.startsWith('-') && args[i - 1] !== '--seconds');
  const own = args.slice(1, at === -1 ? undefined : at);
  const program = at === -1 ? [] : args.slice(at);
  let values: { seconds: string; json: boolean; help: boolean };
  try {
    ({ values } = parseArgs({
      args: [...own],
      options: {
        seconds: { type: 'string', default: '5' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return print(USAGE, 0);
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds <= 3600)) return complain('--seconds must be a number above 0, at most 3600');
  if (program.length === 0) return complain('which program?');

  const config = readConfig(process.env, () => undefined);
  const collector = await Promise.all(SIGNALS.map((signal) => askCollector(destination(config, signal))));
  const run = await runApplication(join(programs, 'register.cjs'), program, seconds);
  const found = findingsOf(run, collector);
  return print(values.json ? `${JSON.stringify(found, null, 2)}\n` : report(found), found.ok ? 0 : 1);
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(what: string): number {
  process.stderr.write(`orrery-agent: ${what}\n\n${USAGE}`);
  return 2;
}
