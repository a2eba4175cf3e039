import type { AgentConfig } from './config.js';
import { OptionFault, type Row } from './option-types.js';
import { OPTIONS } from './options.js';

/**
 * Reads every option from `environment`. The agent must not keep an application from starting: a value that cannot be
 * used is told to `onFault` (one sentence) and the default holds. An empty variable counts as unset (OTel specification).
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  onFault: (sentence: string) => void,
): AgentConfig {
  const config: Record<string, unknown> = {};
  for (const [key, option] of Object.entries<Row<unknown>>(OPTIONS)) {
    const text = environment[option.env]?.trim() || option.fallback;
    try {
      config[key] = option.read(text);
    } catch (fault) {
      if (!(fault instanceof OptionFault)) throw fault;
      const instead = fault.usable || option.fallback;
      onFault(`${option.env} ${fault.message}; using ${instead || 'nothing'}`);
      config[key] = option.read(instead);
    }
  }
  return config as AgentConfig;
}
