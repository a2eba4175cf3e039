import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactSink, ArtifactType } from '../probe/probe.js';
import type { CollectorClient } from './collector-client.js';

const endings: Record<ArtifactType, string> = { 'image/png': 'png', 'text/plain': 'txt', 'application/json': 'json' };

/** Keeps artifacts with the collector; one it does not take is left out. */
export function collectorArtifacts(collector: Pick<CollectorClient, 'postArtifact'>): ArtifactSink {
  return async (bytes, contentType) => {
    try {
      return await collector.postArtifact(bytes, contentType);
    } catch {
      return null;
    }
  };
}

/** Writes artifacts into a folder, for CI; the id is the file's path. */
export function folderArtifacts(folder: string): ArtifactSink {
  return async (bytes, contentType) => {
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${randomUUID()}.${endings[contentType]}`);
    await writeFile(path, bytes);
    return path;
  };
}

export const noArtifacts: ArtifactSink = () => Promise.resolve(null);
