const HOUR_MS = 3_600_000;

/** What is asked, over HTTP and of the store; `load` says where the data lies. Every round asks something else. */
export function questionsOf({ fromMs, toMs, traces }) {
  const everything = { from_ms: fromMs - 6 * HOUR_MS, to_ms: toMs };
  const lastHour = { from_ms: toMs - HOUR_MS, to_ms: toMs };
  const quarter = { from_ms: toMs - HOUR_MS / 4, to_ms: toMs };
  const day = { from_ms: toMs - 24 * HOUR_MS, to_ms: toMs };
  const { signal } = new AbortController();
  const ranged = (range) => ({ range, nowMs: range.to_ms, environment: '' });
  const trace = (round) => traces[(round * 7919) % traces.length];
  const list = (range, filter) => ({
    ...ranged(range),
    filter,
    synthetic: 'exclude',
    sort: 'start',
    order: 'desc',
    limit: 20,
  });
  const screen = (label, range) => [
    {
      label: `overview, ${label}`,
      overHttp: (ask) => overview(ask, range),
    },
    {
      label: `map, ${label}`,
      overHttp: (ask) => ask(`/map?${query(range)}`),
      ofStore: (reader) => reader.map({ ...ranged(range), synthetic: 'exclude' }, signal),
    },
    {
      label: `services, ${label}`,
      overHttp: (ask) => ask(`/services?${query(range)}`),
      ofStore: (reader) => reader.services({ ...ranged(range), synthetic: 'exclude' }, signal),
    },
  ];
  return [
    {
      label: 'trace by id, no range',
      overHttp: (ask, round) => ask(`/traces/${trace(round).id}`),
      ofStore: (reader, round) => reader.trace(trace(round + 13).id, signal),
    },
    {
      label: 'logs of a trace',
      overHttp: (ask, round) => ask(`/traces/${trace(round).id}/logs`),
      ofStore: (reader, round) => reader.traceLogs(trace(round + 13).id, signal),
    },
    {
      label: 'service, operation, duration: newest 20 of all',
      overHttp: (ask, round) => ask(`/traces?limit=20&${query(everything, { q: slowText(round) })}`),
      ofStore: (reader, round) => reader.traces(list(everything, slowFilter(round + 1)), signal),
    },
    {
      label: 'service, operation, duration: few among all',
      overHttp: (ask, round) => ask(`/traces?limit=20&${query(everything, { q: slowText(round, 4000) })}`),
      ofStore: (reader, round) => reader.traces(list(everything, slowFilter(round + 1, 4000)), signal),
    },
    {
      label: 'service, operation, duration: slowest 20 of all',
      overHttp: (ask, round) => ask(`/traces?limit=20&sort=duration&${query(everything, { q: slowText(round) })}`),
      ofStore: (reader, round) =>
        reader.traces({ ...list(everything, slowFilter(round + 1)), sort: 'duration' }, signal),
    },
    {
      label: 'a correlation id, everything',
      overHttp: (ask, round) =>
        ask(`/traces?limit=20&${query(everything, { q: `correlation_id:${trace(round).correlation}` })}`),
      ofStore: (reader, round) =>
        reader.traces(list(everything, compare('column', 'correlation_id', '=', trace(round + 1).correlation)), signal),
    },
    {
      label: 'any attribute, last hour',
      overHttp: (ask, round) => ask(`/traces?limit=20&${query(lastHour, { q: attributeText(round) })}`),
      ofStore: (reader, round) => reader.traces(list(lastHour, attributeFilter(round + 1)), signal),
    },
    {
      label: 'all traces, newest 50 of the last hour',
      overHttp: (ask) => ask(`/traces?limit=50&${query(lastHour)}`),
      ofStore: (reader) => reader.traces({ ...list(lastHour, { kind: 'all' }), limit: 50 }, signal),
    },
    {
      label: 'histogram of traces, last hour',
      overHttp: (ask) => ask(`/traces/histogram?${query(lastHour)}`),
      ofStore: (reader) => reader.traceHistogram(list(lastHour, { kind: 'all' }), signal),
    },
    ...screen('15 minutes', quarter),
    ...screen('last hour', lastHour),
    ...screen('24 hours', day),
    ...screen('everything', everything),
  ];
}

/** What the dashboard asks for its first screen, all at once as it does. */
async function overview(ask, range) {
  await Promise.all([
    ask('/status'),
    ask(`/services?${query(range)}`),
    ask('/checks'),
    ask(`/breakers?${query(range)}`),
    ask(`/sagas?limit=1&${query(range)}`),
    ask('/alerts'),
  ]);
}

function query({ from_ms, to_ms }, more = {}) {
  return new URLSearchParams({ from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString(), ...more });
}

const ASKED = [
  ['basket', 'GET /basket/'],
  ['catalog', 'POST /catalog/{id}'],
  ['payments', 'PUT /payments/list'],
  ['mail', 'GET /mail/{id}/lines'],
  ['stock', 'GET /stock/'],
];

function slowText(round, ms = 300) {
  const [service, name] = ASKED[round % ASKED.length];
  return `service:${service} name:${JSON.stringify(name)} duration>${ms}ms`;
}

function slowFilter(round, ms = 300) {
  const [service, name] = ASKED[round % ASKED.length];
  const terms = [compare('column', 'service', '=', service), compare('column', 'name', '=', name)];
  const duration = { kind: 'compare', field: { source: 'column', column: 'duration' }, op: '>', value: number(ms) };
  return { kind: 'and', nodes: [...terms, duration] };
}

function attributeText(round) {
  return `network.peer.address:10.0.${round % 8}.${(round * 37) % 250} AND enduser.tier:gold`;
}

function attributeFilter(round) {
  const address = `10.0.${round % 8}.${(round * 37) % 250}`;
  const terms = [
    compare('attribute', 'network.peer.address', '=', address),
    compare('attribute', 'enduser.tier', '=', 'gold'),
  ];
  return { kind: 'and', nodes: terms };
}

function compare(source, name, op, text) {
  const field = source === 'column' ? { source, column: name } : { source, name };
  return { kind: 'compare', field, op, value: { type: 'string', text } };
}

function number(value) {
  return { type: 'number', number: value, text: String(value) };
}
