import { TEXTS } from './hostile-values.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateJson } from './mutate-json.js';
import { Random } from './random.js';

/** A request to the API. */
export interface ApiCase {
  origin: string;
  method: string;
  path: string;
  body: Buffer | null;
}

const alert = {
  id: 'a1',
  check: 'c1',
  title: 't',
  severity: 'page',
  state: 'firing',
  since: '1',
  pending_since: null,
  fired_at: '1',
  resolved_at: null,
  sentence: 's',
  version: 0,
};
const run = {
  verdict: 'pass',
  started: '1790000000000000000',
  duration_ms: 5,
  sentence: 'fine',
  steps: [{ name: 'a', outcome: 'pass', duration_ms: 1 }],
};

/** Requests that are well formed, to begin with. */
const WRITES: readonly [method: string, path: string, body: unknown][] = [
  [
    'POST',
    '/query',
    { signal: 'spans', measures: [{ op: 'count' }], group_by: ['service'], q: 'service:* AND NOT status:error' },
  ],
  [
    'POST',
    '/query',
    {
      signal: 'spans',
      measures: [{ op: 'quantile', field: 'duration', quantile: 0.95 }],
      step_ms: 'auto',
      from: 'now-1h',
      limit: 5,
    },
  ],
  [
    'POST',
    '/query',
    {
      signal: 'logs',
      measures: [{ op: 'distinct', field: 'attributes.i' }],
      group_by: ['severity', 'service'],
      step_ms: 1000,
    },
  ],
  ['POST', '/query', { signal: 'sagas', measures: [{ op: 'count' }], group_by: ['state'] }],
  ['POST', '/metrics/query', { metric: 'requests', aggregation: 'rate', group_by: ['ward'], step_ms: 'auto' }],
  ['PUT', '/checks/c1', { name: 'c1', kind: 'http', title: 'c', file: 'c.yaml', schedule: 'every 30 s' }],
  ['POST', '/checks/c1/runs', run],
  ['PUT', '/alerts/a1', alert],
  ['POST', '/alerts/a1/acknowledge', { by: 'me' }],
  ['POST', '/silences', { check: 'c*', duration_ms: 60_000, by: 'me' }],
];
const READS: readonly string[] = [
  '/services?from=now-1h&environment=x',
  '/services/own',
  '/map?synthetic=include',
  '/traces?q=service%3Aown%20AND%20duration%3E5ms&sort=duration&limit=10',
  '/traces/histogram?q=status%3Aerror&from=now-2h&to=now',
  '/traces/0123456789abcdef0123456789abcdef',
  '/traces/0123456789abcdef0123456789abcdef/spans/0123456789abcdef',
  '/traces/0123456789abcdef0123456789abcdef/logs',
  '/logs?q=body%3A*line*&severity=info&limit=50',
  '/logs/histogram?from=now-1h',
  '/fields?signal=spans',
  '/fields/values?signal=spans&field=service&prefix=o',
  '/metrics?q=beds',
  '/sagas?state=stuck',
  '/sagas/funnel?name=buy',
  '/sagas/saga-1',
  '/breakers?from=now-1h',
  '/checks/c1',
  '/alerts?state=firing',
  '/search?q=own',
  '/artifacts/0123456789abcdef',
];

/** Case `index` of a seed against the API: a well-formed request with some damage. */
export function apiCase(seed: number, index: number): ApiCase {
  const random = new Random(seed, index ^ 0x2545_f491);
  const origin = `seed ${seed}, API case ${index}`;
  if (random.chance(0.5)) {
    return { origin, method: 'GET', path: mutatedPath(random.pick(READS), random), body: null };
  }
  const [method, path, value] = random.pick(WRITES);
  let body = Buffer.from(JSON.stringify(value));
  for (let changes = 1 + random.int(3); changes > 0; changes--) {
    body = Buffer.from(random.chance(0.8) ? mutateJson(body, random) : mutateBytes(body, random, [body]));
  }
  return { origin, method, path: random.chance(0.1) ? mutatedPath(path, random) : path, body };
}

const PARAMETERS = [
  'q',
  'from',
  'to',
  'limit',
  'cursor',
  'sort',
  'signal',
  'field',
  'environment',
  'step_ms',
  '__proto__',
];
const VALUES = [
  '',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'NaN',
  'now-99999999d',
  'now-15m',
  '0000-00-00',
  '9999-12-31T23:59:59Z',
  '*',
  '/(a+)+$/',
  `a${'*a'.repeat(500)}`,
  '('.repeat(1000),
  'NOT '.repeat(800),
  '"',
  'a:(b OR '.repeat(200),
  'duration:>5ms',
  'x.y.z:[1 TO 5]',
  '\u0000',
];

function mutatedPath(path: string, random: Random): string {
  const [base, query = ''] = path.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (let changes = random.int(3); changes > 0; changes--) {
    const value = random.chance(0.3) ? random.pick(TEXTS).toString('latin1').slice(0, 3000) : random.pick(VALUES);
    parameters.append(random.pick(PARAMETERS), value);
  }
  const segments = base!.split('/');
  if (random.chance(0.3)) segments[1 + random.int(segments.length - 1)] = encodeURIComponent(random.pick(VALUES));
  if (random.chance(0.05)) segments.push('%zz');
  const text = parameters.toString();
  return `${segments.join('/')}${text === '' ? '' : `?${text}`}`;
}
