/** Fields of the trace itself, asked in /traces only. */
export const traceFields: readonly string[] = [
  'trace.duration',
  'trace.spans',
  'trace.errors',
  'root.service',
  'root.name',
];

/** What stands beside the list. */
export const traceFacets: readonly { name: string; title: string }[] = [
  { name: 'service', title: 'Service' },
  { name: 'status', title: 'Status' },
  { name: 'name', title: 'Operation' },
  { name: 'http.response.status_code', title: 'HTTP status' },
  { name: 'failure.kind', title: 'Failure' },
  { name: 'service.version', title: 'Version' },
];

/** Bounds of a box drawn over the scatter, as a clause. Milliseconds, rounded outwards so that the dots stay in. */
export function durationClause(minMs: number, maxMs: number): string {
  const min = minMs < 1 ? 0 : Math.floor(minMs);
  return `trace.duration>=${min}ms AND trace.duration<=${Math.ceil(maxMs)}ms`;
}
