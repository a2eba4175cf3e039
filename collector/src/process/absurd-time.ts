import { WireWriter } from '../decode/wire-writer.js';

/** What is wrong with a time; '' when nothing is. */
export type TimeFault = '' | 'missing' | 'ancient' | 'future' | 'end_before_start' | 'endless';

/** The attribute a flagged item gets, so that it can be searched for. */
export const TIME_FAULT_KEY = 'orrery.time.fault';

const DAY = 86_400e9;
/** 2000-01-01: nothing that speaks OTLP ran before. */
const ANCIENT = 946_684_800e9;
const ENDLESS = 366 * DAY;

/**
 * Judges a span's times, nanoseconds as doubles: they are right to a quarter of a microsecond, which is enough to see
 * what is absurd, and cost a tenth of bigints.
 */
export function spanTimeFault(start: number, end: number, received: number): TimeFault {
  if (start >= ANCIENT && end >= start && end <= received + DAY && end - start <= ENDLESS) return '';
  if (start === 0 || end === 0) return 'missing';
  if (start < ANCIENT) return 'ancient';
  if (start > received + DAY || end > received + DAY) return 'future';
  return end < start ? 'end_before_start' : 'endless';
}

/** Judges the time of a log line; none at all is the sender's right. */
export function logTimeFault(time: number, received: number): TimeFault {
  if (time === 0) return '';
  if (time < ANCIENT) return 'ancient';
  return time > received + DAY ? 'future' : '';
}

/** The flag as an attribute in field `field` of its item. */
export function timeFaultField(field: number, fault: TimeFault): Uint8Array {
  const writer = new WireWriter(64);
  writer.varint((field << 3) | 2);
  const attribute = writer.open();
  writer.varint(10);
  writer.text(TIME_FAULT_KEY);
  writer.varint(18);
  const value = writer.open();
  writer.varint(10);
  writer.text(fault);
  writer.close(value);
  writer.close(attribute);
  return writer.finish();
}
