import { type Check, CheckDefinition, type CheckDetail, CheckRun } from '../../api/contract/index.js';
import { CONTROL_BOUNDS } from '../bounds.js';
import { type Database, transact } from './open-database.js';

interface CheckRow {
  name: string;
  definition: string;
  verdict: Check['verdict'];
  since: string | null;
}

/** Digits of a nanosecond time, padded so that they sort as text. */
const sortable = (nano: string): string => nano.padStart(20, '0');

export class CheckTable {
  constructor(private readonly database: Database) {}

  list(): Check[] {
    const rows = this.database.prepare('SELECT name, definition, verdict, since FROM checks ORDER BY name').all();
    return (rows as unknown as CheckRow[]).map((row) => this.check(row));
  }

  detail(name: string): CheckDetail | null {
    const row = this.row(name);
    return row && { check: this.check(row), runs: this.runs(name, CONTROL_BOUNDS.runsInDetail) };
  }

  put(definition: CheckDefinition): Check {
    const { name } = definition;
    return transact(this.database, () => {
      this.database
        .prepare(
          'INSERT INTO checks (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition',
        )
        .run(name, JSON.stringify(definition));
      this.database
        .prepare(
          'DELETE FROM checks WHERE name IN (SELECT name FROM checks WHERE name <> ? ORDER BY last_started DESC LIMIT -1 OFFSET ?)',
        )
        .run(name, CONTROL_BOUNDS.checks - 1);
      const row = this.row(name);
      if (!row) throw new Error(`check ${name} vanished while it was written`);
      return this.check(row);
    });
  }

  delete(name: string): boolean {
    return Number(this.database.prepare('DELETE FROM checks WHERE name = ?').run(name).changes) > 0;
  }

  addRun(run: CheckRun): boolean {
    return transact(this.database, () => {
      const row = this.database.prepare('SELECT verdict, last_started FROM checks WHERE name = ?').get(run.check) as
        | { verdict: string | null; last_started: string | null }
        | undefined;
      if (!row) return false;
      const started = sortable(run.started);
      const added = this.database
        .prepare(
          'INSERT INTO runs (run_id, check_name, started, run) VALUES (?, ?, ?, ?) ON CONFLICT (run_id) DO NOTHING',
        )
        .run(run.run_id, run.check, started, JSON.stringify(run));
      if (Number(added.changes) === 0) return true;
      if (row.last_started === null || started >= row.last_started) {
        this.database
          .prepare(
            'UPDATE checks SET last_started = ?, since = CASE WHEN verdict IS ? THEN since ELSE ? END, verdict = ? WHERE name = ?',
          )
          .run(started, run.verdict, run.started, run.verdict, run.check);
      }
      this.database
        .prepare(
          `DELETE FROM runs WHERE check_name = ? AND run_id IN
           (SELECT run_id FROM runs WHERE check_name = ? ORDER BY started DESC LIMIT -1 OFFSET ?)`,
        )
        .run(run.check, run.check, CONTROL_BOUNDS.runsPerCheck);
      return true;
    });
  }

  private row(name: string): CheckRow | null {
    const row = this.database.prepare('SELECT name, definition, verdict, since FROM checks WHERE name = ?').get(name);
    return (row as CheckRow | undefined) ?? null;
  }

  private check(row: CheckRow): Check {
    const runs = this.runs(row.name, CONTROL_BOUNDS.runsInHistory);
    return {
      definition: CheckDefinition.parse(JSON.parse(row.definition)),
      verdict: row.verdict,
      since: row.since,
      last_run: runs[0] ?? null,
      history: runs.toReversed().map(({ run_id, started, verdict, duration_ms, figure }) => ({
        run_id,
        started,
        verdict,
        duration_ms,
        figure,
      })),
    };
  }

  private runs(name: string, limit: number): CheckRun[] {
    const rows = this.database
      .prepare('SELECT run FROM runs WHERE check_name = ? ORDER BY started DESC LIMIT ?')
      .all(name, limit) as unknown as { run: string }[];
    return rows.map(({ run }) => CheckRun.parse(JSON.parse(run)));
  }
}
