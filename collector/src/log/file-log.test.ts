import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileLogReader } from './file-log-reader.js';
import { FileLogWriter, type LogWriterOptions } from './file-log-writer.js';
import type { LogPosition, LogRecord } from './log-record.js';
import { listSegments, SEGMENT_HEADER_BYTES, segmentPath } from './segment.js';

let directory: string;
let lines: string[];
const warn = (line: string) => lines.push(line);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'orrery-log-'));
  lines = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function openWriter(options: Partial<LogWriterOptions> = {}): Promise<FileLogWriter> {
  return FileLogWriter.open({
    directory,
    maxBytes: 1 << 30,
    segmentBytes: 1 << 20,
    minFreeBytes: 0,
    dedupeMs: 600_000,
    warn,
    ...options,
  });
}

function request(text: string | Uint8Array, receivedNano = BigInt(Date.now()) * 1_000_000n) {
  return { signal: 1, encoding: 0, receivedNano, tenant: 'key', body: Buffer.from(text) } as const;
}

/** Bytes that the last {@link readAll} counted as damaged. */
let damagedBytes = 0;

/** Everything from `after` to the present end. */
async function readAll(after = 0, maxBytes = 1 << 20): Promise<LogRecord[]> {
  const reader = new FileLogReader({ directory, pollMs: 5, warn });
  const end = await reader.end();
  const stop = new AbortController();
  const records: LogRecord[] = [];
  if (end > after) {
    for await (const batch of reader.tail(after as LogPosition, { maxBytes, signal: stop.signal })) {
      records.push(...batch);
      if (records.at(-1)!.next >= end) break;
    }
  }
  damagedBytes = reader.figures().damagedBytes;
  await reader.close();
  return records;
}

const texts = (records: LogRecord[]) => records.map(({ body }) => Buffer.from(body).toString());

describe('the write-ahead log', () => {
  it('gives back what was appended, in order, with positions that join', async () => {
    const writer = await openWriter();
    await Promise.all(Array.from({ length: 50 }, (_, i) => writer.append(request(`body ${i}`))));
    await writer.close();
    const records = await readAll();
    expect(texts(records)).toEqual(Array.from({ length: 50 }, (_, i) => `body ${i}`));
    expect(records[0]).toMatchObject({ position: 0, signal: 1, encoding: 0, tenant: 'key' });
    for (let i = 1; i < records.length; i++) expect(records[i]!.position).toBe(records[i - 1]!.next);
    expect(texts(await readAll(records[29]!.next))).toEqual(texts(records.slice(30)));
  });

  it('tails what another holder appends later', async () => {
    const reader = new FileLogReader({ directory, pollMs: 2, warn });
    const stop = new AbortController();
    const tail = reader.tail(0 as LogPosition, { maxBytes: 1000, signal: stop.signal });
    const first = tail.next();
    const writer = await openWriter({ segmentBytes: 100 });
    await writer.append(request('one'));
    expect(texts((await first).value as LogRecord[])).toEqual(['one']);
    const second = tail.next();
    await writer.append(request('two'.padEnd(200)));
    expect(texts((await second).value as LogRecord[])).toEqual(['two'.padEnd(200)]);
    const third = tail.next();
    await writer.append(request('three'));
    expect(texts((await third).value as LogRecord[])).toEqual(['three']);
    const last = tail.next();
    stop.abort();
    expect((await last).done).toBe(true);
    await writer.close();
    await reader.close();
  });

  it('writes a body once, now and after a restart, until its window is over', async () => {
    const first = await openWriter();
    const same = await Promise.all([first.append(request('a')), first.append(request('a'))]);
    expect(same).toEqual([{ duplicate: false }, { duplicate: true }]);
    expect(await first.append(request('a'))).toEqual({ duplicate: true });
    await first.close();
    let steadyMs = 0;
    const second = await openWriter({ steadyMs: () => steadyMs });
    expect(await second.append(request('a'))).toEqual({ duplicate: true });
    expect(await second.append(request('b'))).toEqual({ duplicate: false });
    // The wall clock leaps ahead, and nothing else happens.
    const later = BigInt(Date.now() + 700_000) * 1_000_000n;
    expect(await second.append(request('b', later))).toEqual({ duplicate: true });
    steadyMs = 700_000;
    expect(await second.append(request('a'))).toEqual({ duplicate: false });
    await second.close();
    expect(texts(await readAll())).toEqual(['a', 'b', 'a']);
  });

  it('deletes segments the store has released, and still knows their bodies', async () => {
    const writer = await openWriter({ segmentBytes: 50 });
    for (let i = 0; i < 5; i++) await writer.append(request(`body ${i}`));
    const records = await readAll();
    const reader = new FileLogReader({ directory, pollMs: 5, warn });
    await reader.release(records[2]!.next);
    await writer.close();
    const again = await openWriter({ segmentBytes: 50 });
    expect((await listSegments(directory)).map(({ base }) => base)).toEqual([
      records[3]!.position,
      records[4]!.position,
    ]);
    await again.close();
    const third = await openWriter();
    expect(await third.append(request('body 0'))).toEqual({ duplicate: true });
    await third.append(request('new'));
    await third.close();
    const rest = await readAll(records[2]!.next);
    expect(texts(rest)).toEqual(['body 3', 'body 4', 'new']);
    expect(rest[2]!.position).toBe(records[4]!.next);
  });

  it('still knows them when the clock was set meanwhile, and for no longer than its window', async () => {
    for (const { setMs, isSetRight } of [
      { setMs: 86_400_000, isSetRight: true },
      { setMs: -3_600_000, isSetRight: false },
    ]) {
      const body = (text: string) => request(`${text} ${setMs}`);
      const writer = await openWriter({ segmentBytes: 50 });
      for (const text of ['one', 'two']) await writer.append(body(text));
      const reader = new FileLogReader({ directory, pollMs: 5, warn });
      try {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + setMs });
        for (const text of ['three', 'last']) await writer.append(body(text));
        await reader.release(await reader.end());
        await expect.poll(() => listSegments(directory), { timeout: 10_000 }).toHaveLength(1);
        await writer.close();
        await reader.close();
        if (isSetRight) vi.useRealTimers();
        let steadyMs = 0;
        const again = await openWriter({ steadyMs: () => steadyMs });
        const known = async () => {
          const found = [];
          for (const text of ['one', 'three', 'last']) found.push((await again.append(body(text))).duplicate);
          return found;
        };
        expect(await known()).toEqual([true, true, true]);
        steadyMs = 700_000;
        expect(await known()).toEqual([false, false, false]);
        await again.close();
      } finally {
        vi.useRealTimers();
      }
    }
  });

  it('refuses when its bound is reached, and takes again once the store has caught up', async () => {
    const writer = await openWriter({ maxBytes: 1500, segmentBytes: 300 });
    const body = (i: number) => request(String(i).padEnd(200));
    let taken = 0;
    const fill = async () => {
      for (;;) await writer.append(body(taken)).then(() => taken++);
    };
    await expect(fill()).rejects.toMatchObject({ name: 'LogRefusal', code: 'log_full', retryable: true });
    expect(taken).toBeGreaterThan(3);
    const reader = new FileLogReader({ directory, pollMs: 5, warn });
    await reader.release(await reader.end());
    await expect
      .poll(
        () =>
          writer.append(body(taken)).then(
            () => 'taken',
            () => 'refused',
          ),
        { timeout: 5000 },
      )
      .toBe('taken');
    await writer.close();
  });

  it('refuses as soon as it sees that its folder is gone', async () => {
    const writer = await openWriter();
    await writer.append(request('kept'));
    await rm(directory, { recursive: true });
    let n = 0;
    const outcome = () =>
      writer.append(request(`body ${n++}`)).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    await expect.poll(outcome, { timeout: 10_000 }).toContain('is gone');
    await writer.close();
    await mkdir(directory);
  });

  it('lets only one process in, and says so', async () => {
    const writer = await openWriter();
    await expect(openWriter()).rejects.toMatchObject({
      code: 'log_locked',
      message: /in use by another collector \(process \d+\)/,
    });
    await writer.close();
    await (await openWriter()).close();
  });

  it('refuses a log of a newer version with a sentence', async () => {
    const writer = await openWriter();
    await writer.append(request('a'));
    await writer.close();
    const [segment] = await listSegments(directory);
    const bytes = await readFile(segment!.path);
    bytes[7] = 9;
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
    await writeFile(segment!.path, bytes);
    await expect(openWriter()).rejects.toMatchObject({ code: 'format_newer', message: /log format 9/ });
  });

  it('cuts off a last record torn at any byte and goes on behind the others', async () => {
    const writer = await openWriter();
    for (const text of ['first', 'second', 'third and last']) await writer.append(request(text));
    await writer.close();
    const [segment] = await listSegments(directory);
    const whole = await readFile(segment!.path);
    const records = await readAll();
    const lastAt = records[2]!.position + SEGMENT_HEADER_BYTES;
    for (let size = lastAt; size < whole.length; size++) {
      for (const name of await readdir(directory)) if (/segment|durable/.test(name)) await rm(join(directory, name));
      await writeFile(segment!.path, whole);
      await truncate(segment!.path, size);
      lines = [];
      const again = await openWriter();
      expect(await again.append(request('after'))).toEqual({ duplicate: false });
      await again.close();
      expect(texts(await readAll()), `cut at ${size}`).toEqual(['first', 'second', 'after']);
      expect(lines).toEqual(size === lastAt ? [] : [expect.stringContaining(`${size - lastAt} unacknowledged bytes`)]);
    }
  });

  it('skips a damaged record wherever a byte was changed, sets it aside and counts it', async () => {
    const writer = await openWriter();
    for (const text of ['first', 'second', 'third']) await writer.append(request(text));
    await writer.close();
    const records = await readAll();
    const [segment] = await listSegments(directory);
    const whole = await readFile(segment!.path);
    for (const [broken, rest] of [
      [1, ['first', 'third']],
      [2, ['first', 'second']],
    ] as const) {
      for (let at = records[broken]!.position; at < records[broken]!.next; at++) {
        const bytes = Buffer.from(whole);
        bytes[at + SEGMENT_HEADER_BYTES]! ^= 0x41;
        await writeFile(segment!.path, bytes);
        const again = await openWriter();
        await again.append(request(`after ${broken} ${at}`));
        await again.close();
        expect(texts(await readAll()), `byte ${at}`).toEqual([...rest, `after ${broken} ${at}`]);
        // The last record of a segment counts to its end: whether a writer cut it off there is not told.
        if (broken === 1) expect(damagedBytes, `byte ${at}`).toBe(records[1]!.next - records[1]!.position);
        for (const { path, base } of await listSegments(directory)) if (base > 0) await rm(path);
        await rm(join(directory, 'durable'));
        // As the crash-free run had left it.
        await writeFile(segment!.path, whole);
        await (await openWriter()).close();
      }
    }
    expect((await stat(join(directory, 'damaged'))).isDirectory()).toBe(true);
    expect(lines.some((line) => line.includes('damaged bytes'))).toBe(true);
  });

  it("loses nothing when any byte of a segment's own header is changed", async () => {
    const writer = await openWriter();
    for (const text of ['first', 'second']) await writer.append(request(text));
    await writer.close();
    const [segment] = await listSegments(directory);
    const whole = await readFile(segment!.path);
    for (let at = 0; at < SEGMENT_HEADER_BYTES; at++) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 0x41;
      await writeFile(segment!.path, bytes);
      const again = await openWriter();
      expect(await again.append(request('second'))).toEqual({ duplicate: true });
      await again.close();
      expect(texts(await readAll()), `byte ${at}`).toEqual(['first', 'second']);
    }
  });

  it('starts beside a segment that can not be read at all, sets it aside and reads what follows', async () => {
    const writer = await openWriter({ segmentBytes: 50 });
    for (const text of ['first', 'second', 'third']) await writer.append(request(text));
    await writer.close();
    const [, broken] = await listSegments(directory);
    await writeFile(broken!.path, Buffer.alloc((await stat(broken!.path)).size, 0x41));
    expect(texts(await readAll())).toEqual(['first', 'third']);
    const again = await openWriter();
    await again.append(request('after'));
    await again.close();
    expect(texts(await readAll())).toEqual(['first', 'third', 'after']);
    expect(await readdir(join(directory, 'damaged'))).toEqual([broken!.path.split('/').at(-1)]);
    expect(lines.filter((line) => line.includes('can not be read'))).toHaveLength(2);
  });

  it('starts whatever a power cut left of a segment that was just made', async () => {
    const writer = await openWriter();
    await writer.append(request('kept'));
    const end = (await readAll())[0]!.next;
    await writer.close();
    const made = segmentPath(directory, end);
    for (const left of [Buffer.alloc(0), Buffer.alloc(10, 7), Buffer.alloc(24), Buffer.alloc(500, 0x4f)]) {
      await writeFile(made, left);
      const again = await openWriter();
      await again.append(request(`after ${left.length}`, BigInt(Date.now() + 700_000) * 1_000_000n));
      await again.close();
      expect(texts(await readAll())).toEqual(['kept', `after ${left.length}`]);
      await rm(made);
      await rm(join(directory, 'durable'));
    }
  });

  it('never takes bytes inside a body for a record', async () => {
    const writer = await openWriter();
    await writer.append(request('inner'));
    const [segment] = await listSegments(directory);
    const frame = (await readFile(segment!.path)).subarray(SEGMENT_HEADER_BYTES);
    await writer.close();
    const second = await openWriter();
    await second.append(request(Buffer.concat([frame, frame])));
    await second.append(request('last'));
    await second.close();
    const [, other] = await listSegments(directory);
    const bytes = await readFile(other!.path);
    bytes[SEGMENT_HEADER_BYTES + 9]! ^= 1;
    await writeFile(other!.path, bytes);
    expect(texts(await readAll())).toEqual(['inner', 'last']);
  });

  it('goes on behind what the store has read when the folder of the log was lost', async () => {
    const reader = new FileLogReader({ directory, pollMs: 5, warn });
    const stop = new AbortController();
    const next = reader.tail(5000 as LogPosition, { maxBytes: 100, signal: stop.signal }).next();
    await expect.poll(() => readdir(directory)).toContain('released');
    const writer = await openWriter();
    await writer.append(request('kept'));
    expect((await next).value).toMatchObject([{ position: 5000 }]);
    stop.abort();
    await writer.close();
    await reader.close();
  });
});
