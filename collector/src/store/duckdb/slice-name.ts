/** Name of the slice that begins at `startMs`, for its file: `2026-11-21T07-00-00`. Names sort as their times do. */
export function sliceName(startMs: number): string {
  return new Date(startMs).toISOString().slice(0, 19).replaceAll(':', '-');
}

/** The instant a slice's name stands for; NaN when it is no such name. */
export function sliceStart(name: string): number {
  const match = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)$/.exec(name);
  return match ? Date.parse(`${match[1]}:${match[2]}:${match[3]}Z`) : Number.NaN;
}

/** The name under which a slice's file is attached: letters and digits only, so it needs no quoting. */
export function sliceCatalog(name: string): string {
  return `s${name.replaceAll('-', '')}`;
}
