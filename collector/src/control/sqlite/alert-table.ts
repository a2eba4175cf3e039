import { Alert, AlertDetail } from '../../api/contract/index.js';
import { CONTROL_BOUNDS } from '../bounds.js';
import { ControlError } from '../control-store.js';
import { type Database, transact } from './open-database.js';

export class AlertTable {
  constructor(private readonly database: Database) {}

  list(): Alert[] {
    const rows = this.database.prepare('SELECT alert FROM alerts ORDER BY since DESC, id').all();
    return (rows as unknown as { alert: string }[]).map(({ alert }) => Alert.parse(JSON.parse(alert)));
  }

  detail(id: string): AlertDetail | null {
    const alert = this.read(id);
    if (!alert) return null;
    const history = this.database
      .prepare('SELECT time, state, sentence FROM alert_events WHERE alert_id = ? ORDER BY sequence')
      .all(id);
    return AlertDetail.parse({ alert, history });
  }

  put(alert: Alert): Alert {
    return transact(this.database, () => {
      const stored = this.read(alert.id);
      const current = stored?.version ?? 0;
      if (alert.version !== current)
        throw new ControlError(
          'alert_conflict',
          `Alert ${alert.id} is at version ${current}, not ${alert.version}: read it again.`,
        );
      return this.write(alert, stored);
    });
  }

  acknowledge(id: string, by: string, atNano: string): Alert | null {
    return transact(this.database, () => {
      const stored = this.read(id);
      return stored && this.write({ ...stored, acknowledged_by: by, acknowledged_at: atNano }, stored);
    });
  }

  private write(alert: Alert, before: Alert | null): Alert {
    const next = { ...alert, version: alert.version + 1 };
    this.database
      .prepare(
        `INSERT INTO alerts (id, version, since, alert) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, since = excluded.since, alert = excluded.alert`,
      )
      .run(next.id, next.version, next.since.padStart(20, '0'), JSON.stringify(next));
    if (before?.state !== next.state || before.episode !== next.episode) this.record(next);
    if (!before) this.prune();
    return next;
  }

  private record(alert: Alert): void {
    this.database
      .prepare('INSERT INTO alert_events (alert_id, time, state, sentence) VALUES (?, ?, ?, ?)')
      .run(alert.id, alert.since, alert.state, alert.sentence);
    this.database
      .prepare(
        `DELETE FROM alert_events WHERE alert_id = ? AND sequence IN
         (SELECT sequence FROM alert_events WHERE alert_id = ? ORDER BY sequence DESC LIMIT -1 OFFSET ?)`,
      )
      .run(alert.id, alert.id, CONTROL_BOUNDS.eventsPerAlert);
  }

  /** Only what is over may be forgotten: the resolved, oldest first. */
  private prune(): void {
    this.database
      .prepare(
        `DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE alert ->> '$.state' = 'resolved'
         ORDER BY since LIMIT max(0, (SELECT count(*) FROM alerts) - ?))`,
      )
      .run(CONTROL_BOUNDS.alerts);
  }

  private read(id: string): Alert | null {
    const row = this.database.prepare('SELECT alert FROM alerts WHERE id = ?').get(id) as { alert: string } | undefined;
    return row ? Alert.parse(JSON.parse(row.alert)) : null;
  }
}
