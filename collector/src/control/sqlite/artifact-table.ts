import { createHash } from 'node:crypto';
import { CONTROL_BOUNDS } from '../bounds.js';
import { type Database, transact } from './open-database.js';

export class ArtifactTable {
  constructor(private readonly database: Database) {}

  put(contentType: string, bytes: Uint8Array): string {
    const id = createHash('sha256').update(contentType).update('\0').update(bytes).digest('hex').slice(0, 40);
    transact(this.database, () => {
      this.database
        .prepare(
          `INSERT INTO artifacts (id, sequence, content_type, bytes, size)
           VALUES (?, (SELECT coalesce(max(sequence), 0) + 1 FROM artifacts), ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence`,
        )
        .run(id, contentType, bytes, bytes.byteLength);
      this.database
        .prepare(
          `DELETE FROM artifacts WHERE id IN (SELECT id FROM
           (SELECT id, sum(size) OVER (ORDER BY sequence DESC) AS total FROM artifacts) WHERE total > ?) AND id <> ?`,
        )
        .run(CONTROL_BOUNDS.artifactTotalBytes, id);
    });
    return id;
  }

  get(id: string): { contentType: string; bytes: Uint8Array } | null {
    const row = this.database.prepare('SELECT content_type, bytes FROM artifacts WHERE id = ?').get(id) as
      | { content_type: string; bytes: Uint8Array }
      | undefined;
    return row ? { contentType: row.content_type, bytes: row.bytes } : null;
  }
}
