import type { CheckDefinition } from '@orrery/collector/api';
import type { Check, LoadedFile } from './check.js';
import { durationText } from './duration.js';

/** What the dashboard is told of a file; one with faults is shown with them, and does not run. */
export function definitionOf(loaded: LoadedFile): CheckDefinition {
  if (loaded.check === null) {
    return {
      name: loaded.broken.name,
      kind: loaded.broken.kind,
      title: loaded.broken.title.slice(0, 512),
      description: '',
      file: loaded.file.slice(-1024),
      schedule: 'does not run: its file has faults',
      severity: 'page',
      owner: '',
      runbook: '',
      faults: loaded.faults.map((fault) => ({ ...fault })),
      bounds: null,
    };
  }
  const { check } = loaded;
  return {
    name: check.name,
    kind: check.kind,
    title: check.title,
    description: check.description,
    file: check.file.slice(-1024),
    schedule: scheduleText(check),
    severity: check.severity,
    owner: check.owner,
    runbook: check.runbook,
    faults: [],
    bounds:
      check.kind === 'expectation'
        ? { min: check.bounds.min ?? null, max: check.bounds.max ?? null, unit: check.bounds.unit }
        : null,
  };
}

/** `every 30 s`, `cron 0 8 * * 1-5 (Europe/Berlin)` */
export function scheduleText(check: Pick<Check, 'every' | 'cron' | 'timezone' | 'enabled'>): string {
  if (!check.enabled) return 'switched off';
  if (check.every !== undefined) return `every ${durationText(check.every)}`;
  return `cron ${check.cron ?? ''}${check.timezone ? ` (${check.timezone})` : ''}`;
}
