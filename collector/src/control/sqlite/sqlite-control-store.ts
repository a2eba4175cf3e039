import { randomUUID } from 'node:crypto';
import { Silence } from '../../api/contract/index.js';
import type { ControlStore } from '../control-store.js';
import { AlertTable } from './alert-table.js';
import { ArtifactTable } from './artifact-table.js';
import { CheckTable } from './check-table.js';
import { type Database, openDatabase } from './open-database.js';

const nano = (ms: number): string => `${BigInt(Math.round(ms)) * 1_000_000n}`;

/**
 * The control store in one SQLite file. Statements are short and run on the caller's thread: control data is small, and
 * what telemetry there is never passes here.
 */
export function openSqliteControlStore(file: string): ControlStore {
  const database = openDatabase(file);
  const checks = new CheckTable(database);
  const alerts = new AlertTable(database);
  const artifacts = new ArtifactTable(database);
  const seen = new RunnerSeen(database);

  return {
    checks: async () => ({ checks: checks.list(), runnerLastSeenMs: seen.atMs() }),
    check: async (name) => checks.detail(name),
    putCheck: async (definition, nowMs) => {
      seen.now(nowMs);
      return checks.put(definition);
    },
    deleteCheck: async (name) => checks.delete(name),
    addRun: async (run, nowMs) => {
      seen.now(nowMs);
      return checks.addRun(run);
    },
    alerts: async () => alerts.list(),
    alert: async (id) => alerts.detail(id),
    putAlert: async (alert) => alerts.put(alert),
    acknowledge: async (id, by, nowMs) => alerts.acknowledge(id, by, nano(nowMs)),
    silences: async (nowMs) => {
      const rows = database.prepare('SELECT silence FROM silences WHERE ends_ms > ? ORDER BY ends_ms').all(nowMs);
      return (rows as unknown as { silence: string }[]).map(({ silence }) => Silence.parse(JSON.parse(silence)));
    },
    addSilence: async ({ check, duration_ms, by, comment }, nowMs) => {
      const endsMs = nowMs + duration_ms;
      const silence: Silence = { id: randomUUID(), check, from: nano(nowMs), to: nano(endsMs), by, comment };
      database.prepare('DELETE FROM silences WHERE ends_ms < ?').run(nowMs - 86_400_000);
      database
        .prepare('INSERT INTO silences (id, ends_ms, silence) VALUES (?, ?, ?)')
        .run(silence.id, endsMs, JSON.stringify(silence));
      return silence;
    },
    deleteSilence: async (id) => Number(database.prepare('DELETE FROM silences WHERE id = ?').run(id).changes) > 0,
    putArtifact: async (contentType, bytes) => artifacts.put(contentType, bytes),
    artifact: async (id) => artifacts.get(id),
    close: async () => database.close(),
  };
}

/** When the runner was last heard of. Written at most every few seconds: it is a light, not a record. */
class RunnerSeen {
  private writtenMs = 0;
  private lastMs: number | null;

  constructor(private readonly database: Database) {
    const row = database.prepare("SELECT value FROM facts WHERE key = 'runner_last_seen_ms'").get() as
      | { value: string }
      | undefined;
    this.lastMs = row ? Number(row.value) : null;
  }

  atMs(): number | null {
    return this.lastMs;
  }

  now(nowMs: number): void {
    this.lastMs = nowMs;
    if (nowMs - this.writtenMs < 5000) return;
    this.writtenMs = nowMs;
    this.database
      .prepare(
        "INSERT INTO facts VALUES ('runner_last_seen_ms', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      )
      .run(String(nowMs));
  }
}
