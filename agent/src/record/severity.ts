/** OTel severity numbers: the first of each range of four. */
export const Severity = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const;

/** Severity of pino's and bunyan's numeric levels; levels of one's own fall into the range below them. */
export function severityOfNumber(level: number): number {
  if (level >= 60) return Severity.fatal;
  if (level >= 50) return Severity.error;
  if (level >= 40) return Severity.warn;
  if (level >= 30) return Severity.info;
  return level >= 20 ? Severity.debug : Severity.trace;
}

const BY_NAME: Readonly<Record<string, number>> = {
  ...Severity,
  silly: Severity.trace,
  verbose: Severity.debug,
  http: Severity.debug,
  notice: Severity.info,
  warning: Severity.warn,
  crit: Severity.fatal,
  critical: Severity.fatal,
  alert: Severity.fatal,
  emerg: Severity.fatal,
  emergency: Severity.fatal,
};

/** Severity of a level's name as npm, syslog and cli level sets have them; 0 for an unknown one. */
export function severityOfName(level: string): number {
  return BY_NAME[level.toLowerCase()] ?? 0;
}
