/** One fault in the configuration: where it was said and what to do. */
export interface ConfigFault {
  /** `orrery.yaml:12`, `ORRERY_UI_PORT`, `--ui-port`. */
  source: string;
  /** Dotted path of the key. */
  path: string;
  message: string;
}

/** The configuration is wrong; the message lists every fault. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly retryable = false;

  constructor(readonly faults: readonly ConfigFault[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults
        .map(({ source, path, message }) => `  ${source}${path === '' ? '' : ` ${path}`}: ${message}`)
        .join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}
