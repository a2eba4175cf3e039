import { type DestinationStream, type Logger, pino } from 'pino';
import { readableLine } from './readable-line.js';

/** A process's own log, on stderr: JSON for machines, readable lines at a terminal. */
export function createLogger(name: string, level: string, stderr: NodeJS.WriteStream): Logger {
  const destination: DestinationStream = stderr.isTTY
    ? { write: (line) => void stderr.write(readableLine(line)) }
    : pino.destination({ fd: 2, sync: true });
  return pino({ name, level }, destination);
}
