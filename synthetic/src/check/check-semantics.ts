import { Cron } from 'croner';
import { jsonpath } from 'json-p3';
import type { ExpectationFile, Measure } from './expectation.js';
import type { UnplacedFault } from './fault.js';
import type { HttpCheckFile, HttpStep } from './http-check.js';
import type { JourneyDefinition } from './journey.js';
import { lookUp, referencesIn, type VariableSource } from './variables.js';

type Path = readonly PropertyKey[];
type Scheduled = Pick<HttpCheckFile, 'every' | 'cron' | 'timezone'>;

/** What a schema cannot see in an HTTP check: bad expressions, names without a value, a schedule that never comes. */
export function httpCheckFaults(file: HttpCheckFile, source: VariableSource): UnplacedFault[] {
  const known = new Set([...Object.keys(file.variables), ...Object.keys(source.overrides), 'run.id']);
  const faults = scheduleFaults(file);
  file.steps.forEach((step, index) => {
    const path = ['steps', index];
    faults.push(...referenceFaults({ request: step.request, expect: step.expect }, path, known, source));
    faults.push(...expressionFaults(step, path));
    for (const name of Object.keys(step.save)) known.add(name);
  });
  return faults;
}

export function journeyFaults(definition: JourneyDefinition, source: VariableSource): UnplacedFault[] {
  const known = new Set([...Object.keys(definition.variables), ...Object.keys(source.overrides)]);
  return [...scheduleFaults(definition), ...referenceFaults({ base: definition.base }, [], known, source)];
}

export function expectationFaults(file: ExpectationFile): UnplacedFault[] {
  const faults = scheduleFaults(file);
  const { min, max } = file.bounds;
  if (min === undefined && max === undefined) faults.push({ path: ['bounds'], message: 'needs min, max or both.' });
  if (min !== undefined && max !== undefined && min > max) {
    faults.push({ path: ['bounds', 'min'], message: 'is greater than max.' });
  }
  faults.push(...measureFaults(file.measure, ['measure']));
  if (file.measure.ratio_to) faults.push(...measureFaults(file.measure.ratio_to, ['measure', 'ratio_to']));
  return faults;
}

function measureFaults(measure: Measure, path: Path): UnplacedFault[] {
  const faults: UnplacedFault[] = [];
  const needsField = measure.signal === 'metrics' || !['count', 'rate'].includes(measure.op);
  if (needsField && measure.field === undefined) {
    const what = measure.signal === 'metrics' ? 'the name of the metric' : `what "${measure.op}" is taken of`;
    faults.push({ path: [...path, 'field'], message: `is missing: ${what}.` });
  }
  if (measure.op === 'quantile' && measure.quantile === undefined) {
    faults.push({ path: [...path, 'quantile'], message: 'is missing: 0.95, for instance.' });
  }
  if (measure.signal === 'metrics' && measure.op === 'distinct') {
    faults.push({ path: [...path, 'op'], message: '"distinct" is not to be had of metrics.' });
  }
  if (
    measure.signal === 'metrics' &&
    measure.op === 'quantile' &&
    ![0.5, 0.9, 0.95, 0.99].includes(measure.quantile ?? 0.5)
  ) {
    faults.push({ path: [...path, 'quantile'], message: 'of metrics is 0.5, 0.9, 0.95 or 0.99.' });
  }
  return faults;
}

function scheduleFaults(file: Scheduled): UnplacedFault[] {
  if ((file.every === undefined) === (file.cron === undefined)) {
    return [{ path: [file.cron === undefined ? 'every' : 'cron'], message: 'give either every or cron.' }];
  }
  if (file.cron === undefined) return [];
  try {
    const cron = new Cron(file.cron, { paused: true, ...(file.timezone ? { timezone: file.timezone } : {}) });
    return cron.nextRun() ? [] : [{ path: ['cron'], message: 'never comes.' }];
  } catch (error) {
    return [{ path: ['cron'], message: `cannot be understood: ${(error as Error).message}.` }];
  }
}

function referenceFaults(value: unknown, path: Path, known: Set<string>, source: VariableSource): UnplacedFault[] {
  if (typeof value === 'string') {
    return referencesIn(value)
      .filter((name) => !known.has(name) && lookUp(name, new Map(), source) === undefined)
      .map((name) => ({ path, message: `there is no value for \${${name}}${hint(name)}.` }));
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries: [PropertyKey, unknown][] = Array.isArray(value)
    ? value.map((item, index): [number, unknown] => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => referenceFaults(item, [...path, key], known, source));
}

function hint(name: string): string {
  if (name.startsWith('env.')) return ': the environment has none';
  if (name.startsWith('secret.')) return `: set ORRERY_SECRET_${name.slice(7).toUpperCase()}`;
  return ': no variable, and no earlier step saves one';
}

function expressionFaults(step: HttpStep, path: Path): UnplacedFault[] {
  const { expect, request } = step;
  const faults: UnplacedFault[] = [];
  if (request.body !== undefined && request.json !== undefined) {
    faults.push({ path: [...path, 'request', 'body'], message: 'give either body or json.' });
  }
  const regex = (pattern: string | undefined, at: Path) => {
    if (pattern === undefined) return;
    try {
      // As the probes compile it.
      RegExp(pattern, 'u');
    } catch (error) {
      faults.push({ path: [...path, ...at], message: `is not a regular expression: ${(error as Error).message}.` });
    }
  };
  const jsonPath = (text: string, at: Path) => {
    try {
      jsonpath.compile(text);
    } catch (error) {
      faults.push({ path: [...path, ...at], message: `is not a JSONPath: ${(error as Error).message}.` });
    }
  };
  regex(expect.body?.matches, ['expect', 'body', 'matches']);
  for (const [name, header] of Object.entries(expect.headers ?? {})) {
    if (typeof header === 'object') regex(header.matches, ['expect', 'headers', name, 'matches']);
  }
  expect.json?.forEach((one, index) => {
    jsonPath(one.path, ['expect', 'json', index, 'path']);
    regex(one.matches, ['expect', 'json', index, 'matches']);
  });
  for (const [name, save] of Object.entries(step.save)) {
    if ('json' in save) jsonPath(save.json, ['save', name, 'json']);
    if ('regex' in save) regex(save.regex, ['save', name, 'regex']);
  }
  return faults;
}
