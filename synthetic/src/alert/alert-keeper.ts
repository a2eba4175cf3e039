import type { Alert, CheckRun, Notification, Silence } from '@orrery/collector/api';
import type { Logger } from 'pino';
import type { Check } from '../check/check.js';
import type { Receiver } from '../notify/receivers.js';
import { type CollectorClient, CollectorError } from '../report/collector-client.js';
import type { SaidOnce } from '../report/said-once.js';
import { backoff } from '../schedule/backoff.js';
import { memoryOf, newAlert, withMemory } from './alert-record.js';
import { Delivery } from './delivery.js';
import { gatherEvidence } from './evidence.js';
import { type Observed, observe, retire, type Transition } from './machine.js';
import { planNotifications } from './plan-notifications.js';
import { worthStoring } from './worth-storing.js';

export interface KeeperParts {
  readonly collector: CollectorClient;
  readonly receivers: readonly Receiver[];
  /** Silences as last heard of; null before the first time. */
  readonly silences: () => readonly Silence[] | null;
  readonly dashboard: string;
  readonly log: Logger;
  readonly said: SaidOnce;
}

/** A verdict on its way to the machine; `null` stands for a check that is gone. */
type Event = { readonly check: Check; readonly run: CheckRun } | null;

const QUEUE_LIMIT = 100;
/** When the collector has been away for so long, a page goes out all the same: better told than stored. */
const UNSTORED_PATIENCE_MS = 30_000;

/**
 * Keeps one alert: takes verdicts in order, stores what the machine makes of them *before* anybody is told, and sends
 * what waits until it is sent. Everything it needs to go on after a crash is in the stored record.
 */
export class AlertKeeper {
  readonly #name: string;
  readonly #parts: KeeperParts;
  readonly #queue: Event[] = [];
  readonly #delivery: Delivery;
  #alert: Alert | null = null;
  #stored: Alert | null = null;
  #loaded: boolean;
  #unstoredSince: number | null = null;
  #failures = 0;
  #working: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param known the record as it was just read; absent when the keeper is to read it itself */
  constructor(name: string, parts: KeeperParts, known?: Alert) {
    this.#name = name;
    this.#parts = parts;
    this.#delivery = new Delivery(parts);
    this.#alert = this.#stored = known ?? null;
    this.#loaded = known !== undefined;
  }

  get alert(): Alert | null {
    return this.#alert;
  }

  /** Somebody is told, or there is something to tell. */
  get isOpen(): boolean {
    const alert = this.#alert;
    if (!alert) return false;
    return alert.state === 'firing' || alert.state === 'no_data' || alert.notifications.some(isWaiting);
  }

  observe(check: Check, run: CheckRun): void {
    // cannot_run says nothing about the system under test.
    if (run.verdict !== 'cannot_run') this.#push({ check, run });
  }

  /** The check is gone: what was told is taken back. */
  retire(): void {
    this.#push(null);
  }

  /** What the collector has now; somebody may have acknowledged. */
  heard(alert: Alert): void {
    if (!this.#alert || alert.version <= this.#alert.version) return;
    this.#takeOver(alert);
    this.poke();
  }

  /** Looks whether there is anything to do. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#working) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#working = this.#work()
      .catch((error: unknown) =>
        this.#parts.log.error({ alert: this.#name, err: error }, 'an alert could not be worked on'),
      )
      .finally(() => {
        this.#working = null;
        if (!this.#again) return;
        this.#again = false;
        this.poke();
      });
  }

  /** Takes no more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  #push(event: Event): void {
    this.#queue.push(event);
    if (this.#queue.length > QUEUE_LIMIT) this.#queue.shift();
    this.poke();
  }

  async #work(): Promise<void> {
    if (!this.#loaded && !(await this.#read())) return;
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) await this.#step(event);
    if (!this.#alert) return;
    this.#plan();
    if (!(await this.#store()) && !this.#outOfPatience()) return;
    await this.#send();
    await this.#store();
    const due = this.#delivery.nextDue;
    if (due !== null) this.#wake(Math.max(50, due - Date.now()));
  }

  /** Reads the stored record; without it the machine would not know what was told before. */
  async #read(): Promise<boolean> {
    try {
      this.#alert = this.#stored = await this.#parts.collector.alert(this.#name);
      this.#loaded = true;
      this.#parts.said.worked();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #step(event: Event): Promise<void> {
    const now = Date.now();
    if (event === null) {
      if (this.#alert) this.#advance(retire(memoryOf(this.#alert), now), 'The check was removed.');
      return;
    }
    const { check, run } = event;
    if (!this.#alert && run.verdict === 'pass') return;
    const before = this.#alert ?? newAlert(check, now);
    this.#alert = {
      ...before,
      title: check.title,
      owner: check.owner,
      runbook: check.runbook,
      severity: check.severity,
    };
    const { announce } = this.#advance(
      observe(memoryOf(before), run.verdict as Observed, now, check.alert),
      run.sentence,
    );
    if (announce === 'firing' || announce === 'no_data') {
      const affected = run.details['affected'];
      this.#alert = {
        ...this.#alert,
        affected: typeof affected === 'string' ? affected : '',
        evidence: await gatherEvidence(check, run, this.#parts.collector),
      };
    }
  }

  #advance(transition: Transition, sentence: string): Transition {
    if (!this.#alert) return transition;
    const newEpisode = transition.memory.episode !== this.#alert.episode;
    this.#alert = {
      ...withMemory(this.#alert, transition.memory),
      sentence: sentence.slice(0, 4096),
      ...(newEpisode ? { acknowledged_by: null, acknowledged_at: null } : {}),
    };
    if (transition.announce) {
      this.#parts.log.info({ alert: this.#name, episode: transition.memory.episode, sentence }, transition.announce);
    }
    return transition;
  }

  #plan(): void {
    if (!this.#alert) return;
    const open = this.#alert.state === 'firing' || this.#alert.state === 'no_data';
    const silences = this.#parts.silences();
    if (silences === null && open && !this.#outOfPatience()) {
      // Nobody is to be woken through a silence that was merely not heard of yet.
      this.#wake(250);
      return;
    }
    const notifications = planNotifications(this.#alert, this.#parts.receivers, silences ?? [], Date.now());
    this.#alert = { ...this.#alert, notifications };
  }

  /** True when the collector has all of it. */
  async #store(): Promise<boolean> {
    for (let conflicts = 0; this.#alert && worthStoring(this.#stored, this.#alert); conflicts += 1) {
      try {
        const written = await this.#parts.collector.putAlert(this.#alert);
        this.#alert = { ...this.#alert, version: written.version };
        this.#stored = this.#alert;
        this.#parts.said.worked();
      } catch (error) {
        if (error instanceof CollectorError && error.code === 'alert_conflict' && conflicts < 5) {
          const current = await this.#parts.collector.alert(this.#name).catch(() => null);
          if (current) {
            this.#takeOver(current);
            continue;
          }
        }
        this.#failed(error);
        return false;
      }
    }
    this.#failures = 0;
    this.#unstoredSince = null;
    return true;
  }

  /** Ours is the machine's word; theirs is the version, and who acknowledged this episode. */
  #takeOver(current: Alert): void {
    if (!this.#alert) return;
    const same = current.episode === this.#alert.episode;
    this.#alert = {
      ...this.#alert,
      version: current.version,
      ...(same ? { acknowledged_by: current.acknowledged_by, acknowledged_at: current.acknowledged_at } : {}),
    };
    this.#stored = current;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.#unstoredSince ??= Date.now();
    if (error instanceof CollectorError && error.code === 'unreachable') this.#parts.said.failed(error.message);
    else this.#parts.log.error({ alert: this.#name, err: error }, 'the state of an alert could not be stored');
    this.#wake(backoff(this.#failures, 500, 10_000));
  }

  #outOfPatience(): boolean {
    return this.#unstoredSince !== null && Date.now() - this.#unstoredSince >= UNSTORED_PATIENCE_MS;
  }

  async #send(): Promise<void> {
    if (!this.#alert) return;
    const sent = await this.#delivery.sendDue(this.#alert);
    if (sent.length === 0) return;
    const changed = new Map(sent.map((one) => [one.id, one]));
    const notifications = this.#alert.notifications.map((one) => changed.get(one.id) ?? one);
    this.#alert = { ...this.#alert, notifications };
    // What stood behind them in the order may go now.
    if (sent.some(({ outcome }) => outcome !== 'waiting')) this.#again = true;
  }

  #wake(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.poke(), afterMs);
  }
}

function isWaiting(notification: Notification): boolean {
  return notification.outcome === 'waiting';
}
