/** Name of the slice that begins at `startMs`: `2026-11-21T07-00-00`. Names sort as their times do. */
export function sliceName(startMs: number): string {
  return new Date(startMs).toISOString().slice(0, 19).replaceAll(':', '-');
}

/** The instant a slice's name stands for; NaN when it is no such name. */
export function sliceStart(name: string): number {
  const match = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)$/.exec(name);
  return match ? Date.parse(`${match[1]}:${match[2]}:${match[3]}Z`) : Number.NaN;
}

/** The name under which a slice's file is attached: letters and digits only, so it needs no quoting. */
export function sliceCatalog(name: string, generation: number): string {
  return `s${name.replaceAll('-', '')}g${generation}`;
}

/** File of a slice: `<name>.duckdb` as it is written, `<name>.<generation>.duckdb` once it was rewritten. */
export function sliceFile(name: string, generation: number): string {
  return generation === 0 ? `${name}.duckdb` : `${name}.${generation}.duckdb`;
}

/** What a file in the folder of slices is; null when it is no slice. */
export function parseSliceFile(file: string): { name: string; startMs: number; generation: number } | null {
  const match = /^(.+?)(?:\.([1-9]\d{0,8}))?\.duckdb$/.exec(file);
  if (!match) return null;
  const name = match[1] as string;
  const startMs = sliceStart(name);
  return Number.isNaN(startMs) ? null : { name, startMs, generation: Number(match[2] ?? 0) };
}

/** Ending of a slice that is being rewritten: whoever finds one at start may remove it. */
export const UNFINISHED = '.sealing';
