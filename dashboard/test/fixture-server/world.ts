/** How much of everything there is, and how it behaves. */
export type Scenario = 'normal' | 'empty' | 'many' | 'error' | 'slow' | 'hostile';

/** What a page must never execute, only show. */
export const hostile = `<img src=x onerror="window.pwnedByText=1"><script>window.pwnedByText=1</script>"';--\u202e{{7*7}}`;

/** Numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function seedOf(text: string): number {
  let hash = 7;
  for (const letter of text) hash = Math.imul(hash, 31) + letter.charCodeAt(0);
  return hash >>> 0;
}

export const nano = (ms: number): string => `${Math.round(ms * 1_000)}000`;

export function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}

export const baseServices = [
  'gateway',
  'catalog',
  'lending',
  'members',
  'billing',
  'notices',
  'search-index',
  'returns',
];

export function servicesOf(scenario: Scenario): string[] {
  if (scenario === 'empty') return [];
  if (scenario === 'hostile') return [hostile, `javascript:alert(1)`, ...baseServices];
  if (scenario !== 'many') return baseServices;
  const domains = ['loans', 'fines', 'shelf', 'holds', 'audit', 'feed', 'media', 'reports', 'staff', 'rooms'];
  return [
    ...baseServices,
    ...Array.from(
      { length: 192 },
      (_, i) => `${domains[i % 10]}-${['api', 'worker', 'sync', 'cache'][i % 4]}-${Math.floor(i / 10)}`,
    ),
  ];
}

export interface Window {
  fromMs: number;
  toMs: number;
}

/** Bounds of a question, as the collector resolves them. */
export function windowOf(query: URLSearchParams, now: number): Window {
  const at = (text: string | null, fallback: number) => {
    const relative = /^now(?:-(\d+)([smhdw]))?$/.exec(text ?? '');
    if (relative) {
      const unit = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }[relative[2] ?? 's'] ?? 0;
      return now - Number(relative[1] ?? 0) * unit;
    }
    return text && /^\d+$/.test(text) ? Number(text) : fallback;
  };
  return { fromMs: at(query.get('from'), now - 900_000), toMs: at(query.get('to'), now) };
}

export const rangeOf = (window: Window) => ({ from_ms: window.fromMs, to_ms: window.toMs });

/** Sixty-odd round steps over a range. */
export function stepsOf(window: Window): { t0_ms: number; step_ms: number; count: number } {
  const rough = (window.toMs - window.fromMs) / 60;
  const step = [1e3, 5e3, 1e4, 15e3, 3e4, 6e4, 3e5, 9e5, 36e5, 864e5].find((s) => s >= rough) ?? 864e5;
  const t0 = Math.floor(window.fromMs / step) * step;
  return { t0_ms: t0, step_ms: step, count: Math.ceil((window.toMs - t0) / step) };
}
