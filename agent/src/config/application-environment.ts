type Environment = Readonly<Record<string, string | undefined>>;

/** What the agent must know of how the application is started. */
export interface Application {
  readonly environment: Environment;
  /** Its main script. */
  readonly script: string | undefined;
  readonly workingDirectory: string;
}

/**
 * The application as it will be started. PM2 starts programs from a file of its own and says in `pm_exec_path` which one is
 * meant; to a worker of its cluster mode it hands the whole environment as JSON in `pm2_env`, and puts it in place only when
 * preloads have run.
 */
export function applicationOf(own: Environment, script: string | undefined, workingDirectory: string): Application {
  const environment = { ...own, ...handedByPm2(own['pm2_env']) };
  const managed = environment['pm_exec_path'];
  return {
    environment,
    script: managed ?? script,
    workingDirectory: (managed === undefined ? undefined : environment['pm_cwd']) ?? workingDirectory,
  };
}

function handedByPm2(json: string | undefined): Environment {
  if (json === undefined) return {};
  try {
    return Object.fromEntries(
      Object.entries(JSON.parse(json) as Record<string, unknown>)
        .filter(([, value]) => typeof value !== 'object')
        .map(([name, value]) => [name, String(value)]),
    );
  } catch {
    // Somebody else's variable.
    return {};
  }
}
