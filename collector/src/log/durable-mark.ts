import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const BYTES = 12;

/**
 * The file by which the writer tells readers how far the log is on disk. Readers go no further: what they stored must
 * not be lost by a power failure that takes the log's last bytes, or its positions would be given out a second time.
 */
export class DurableMark {
  private readonly descriptor: number;
  private readonly bytes = Buffer.alloc(BYTES);

  constructor(directory: string, mode: 'read' | 'write') {
    const path = join(directory, 'durable');
    // 'a+' would append; 'r+' fails on a new log.
    if (mode === 'write') closeSync(openSync(path, 'a'));
    this.descriptor = openSync(path, mode === 'write' ? 'r+' : 'r');
  }

  /** The position up to which everything survives a power failure; null when nothing valid was written yet. */
  read(): number | null {
    const bytes = Buffer.alloc(BYTES);
    const count = readSync(this.descriptor, bytes, 0, BYTES, 0);
    if (count < BYTES || crc32(bytes.subarray(0, 8)) !== bytes.readUInt32LE(8)) return null;
    return Number(bytes.readBigUInt64LE(0));
  }

  write(position: number): void {
    this.bytes.writeBigUInt64LE(BigInt(position), 0);
    this.bytes.writeUInt32LE(crc32(this.bytes.subarray(0, 8)), 8);
    writeSync(this.descriptor, this.bytes, 0, BYTES, 0);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
