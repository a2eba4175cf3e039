/** One thing wrong with a user's file, and where. Lines and columns count from 1. */
export interface Fault {
  /** Within the file: `steps[0].request.url`; empty for the whole file. */
  readonly path: string;
  /** A sentence. */
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** A fault before its place in the text is known. */
export interface UnplacedFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** `steps[0].request.url` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** `checks/a.check.yaml:3:5 steps[0].request.url: is missing` */
export function faultText(file: string, fault: Fault): string {
  const place = fault.line === undefined ? file : `${file}:${fault.line}:${fault.column ?? 1}`;
  return fault.path === '' ? `${place} ${fault.message}` : `${place} ${fault.path}: ${fault.message}`;
}
