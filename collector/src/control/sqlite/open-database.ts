import { existsSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { ControlError } from '../control-store.js';

export type Database = InstanceType<typeof DatabaseSync>;

/** Each entry brings the file from the version of its index to the next. Never edit one that was released. */
const MIGRATIONS = [
  `
  CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE checks (
    name TEXT PRIMARY KEY, definition TEXT NOT NULL, verdict TEXT, since TEXT, last_started TEXT
  ) STRICT;
  CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, check_name TEXT NOT NULL REFERENCES checks(name) ON DELETE CASCADE,
    started TEXT NOT NULL, run TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_check ON runs (check_name, started DESC);
  CREATE TABLE alerts (id TEXT PRIMARY KEY, version INTEGER NOT NULL, since TEXT NOT NULL, alert TEXT NOT NULL) STRICT;
  CREATE TABLE alert_events (
    sequence INTEGER PRIMARY KEY, alert_id TEXT NOT NULL REFERENCES alerts(id) ON DELETE CASCADE,
    time TEXT NOT NULL, state TEXT NOT NULL, sentence TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_events_by_alert ON alert_events (alert_id, sequence);
  CREATE TABLE silences (id TEXT PRIMARY KEY, ends_ms INTEGER NOT NULL, silence TEXT NOT NULL) STRICT;
  CREATE TABLE artifacts (
    id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, content_type TEXT NOT NULL, bytes BLOB NOT NULL,
    size INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX artifacts_by_age ON artifacts (sequence);
  `,
];
/** Version of the control file. */
export const CONTROL_FORMAT = MIGRATIONS.length;

/** Opens the control file, durable and ready for questions. @throws ControlError `format_newer`. */
export function openDatabase(file: string): Database {
  if (existsSync(file)) refuseNewer(file);
  const database = new DatabaseSync(file);
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;',
    );
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Looks into the file without changing it. @throws ControlError `format_newer`. */
function refuseNewer(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const version = versionOf(database);
    if (version > CONTROL_FORMAT)
      throw new ControlError(
        'format_newer',
        `${file} was written by a newer version of Orrery (format ${version}, this one reads up to ${CONTROL_FORMAT}): ` +
          'start that version, or choose another folder with --data-dir.',
      );
  } finally {
    database.close();
  }
}

function versionOf(database: Database): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function migrate(database: Database): void {
  transact(database, () => {
    for (const migration of MIGRATIONS.slice(versionOf(database))) database.exec(migration);
    database.exec(`PRAGMA user_version = ${CONTROL_FORMAT}`);
  });
}

/** All or nothing; the write lock is taken at once, so that what was read stays true until the commit. */
export function transact<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** A copy of the file as it is at this moment, made beside whoever has it open. */
export function copyDatabase(file: string, target: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
}
