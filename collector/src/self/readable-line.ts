const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO ',
  40: 'WARN ',
  50: 'ERROR',
  60: 'FATAL',
};
const OWN = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'err']);

/** One of pino's JSON lines as a person reads it at a terminal; what is not such a line stays as it is. */
export function readableLine(line: string): string {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const time = new Date(Number(record['time'])).toTimeString().slice(0, 8);
  const level = LEVELS[Number(record['level'])] ?? String(record['level']);
  const rest = Object.entries(record).filter(([key]) => !OWN.has(key));
  const facts = rest
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  const { stack, message } = (record['err'] ?? {}) as { stack?: string; message?: string };
  const error = stack ?? message;
  return `${time} ${level} ${String(record['name'] ?? '')}: ${String(record['msg'] ?? '')}${facts}${error ? `\n${error}` : ''}\n`;
}
