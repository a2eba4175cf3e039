import type { Alert, CheckRun, Silence } from '@orrery/collector/api';
import type { Check } from '../check/check.js';
import { CollectorError } from '../report/collector-client.js';
import { AlertKeeper, type KeeperParts } from './alert-keeper.js';

const LISTEN_EVERY_MS = 5000;

/** All alerts of a runner: hands verdicts to their keepers, and hears of acknowledgements and silences. */
export class AlertDesk {
  readonly #parts: KeeperParts;
  readonly #keepers = new Map<string, AlertKeeper>();
  #silences: readonly Silence[] | null = null;
  #known: ReadonlySet<string> | null = null;
  #listening: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: Omit<KeeperParts, 'silences'>) {
    this.#parts = { ...parts, silences: () => this.#silences };
  }

  /** Begins to listen; alerts that were left open by an earlier runner are taken up at once. */
  start(): void {
    const again = () => {
      this.#listening = this.#listen().finally(() => {
        this.#timer = setTimeout(again, LISTEN_EVERY_MS);
      });
    };
    again();
  }

  /** Names of all checks there are now; alerts of others are over. */
  setChecks(names: ReadonlySet<string>): void {
    const before = this.#known;
    this.#known = names;
    for (const name of before ?? []) if (!names.has(name)) this.#keeper(name).retire();
  }

  observe(check: Check, run: CheckRun): void {
    this.#keeper(check.name).observe(check, run);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#listening?.catch(() => undefined);
    clearTimeout(this.#timer);
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop()));
    for (const { notifier } of this.#parts.receivers) notifier.close();
  }

  async #listen(): Promise<void> {
    const { collector, log, said } = this.#parts;
    try {
      const [alerts, silences] = await Promise.all([collector.alerts(), collector.silences()]);
      said.worked();
      this.#silences = silences;
      for (const alert of alerts) this.#hear(alert);
      // A silence may have ended.
      for (const keeper of this.#keepers.values()) if (keeper.isOpen) keeper.poke();
    } catch (error) {
      if (error instanceof CollectorError && error.code === 'unreachable') {
        said.failed(error.message);
        return;
      }
      log.error({ err: error }, 'alerts and silences could not be read');
      // A collector that cannot name its silences must not silence every page.
      this.#silences ??= [];
    }
  }

  #hear(alert: Alert): void {
    const keeper = this.#keepers.get(alert.id);
    if (keeper) {
      keeper.heard(alert);
      return;
    }
    const waiting = alert.notifications.some(({ outcome }) => outcome === 'waiting');
    if (!waiting && alert.state === 'resolved') return;
    const created = new AlertKeeper(alert.id, this.#parts, alert);
    this.#keepers.set(alert.id, created);
    if (this.#known && !this.#known.has(alert.check)) created.retire();
    else created.poke();
  }

  #keeper(name: string): AlertKeeper {
    const keeper = this.#keepers.get(name) ?? new AlertKeeper(name, this.#parts);
    this.#keepers.set(name, keeper);
    return keeper;
  }
}
