import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { FilterNode } from '../../query/ast.js';
import { parseFilter } from '../../query/parse-filter.js';
import { type SagaDefinition, STUCK_AFTER_MS } from './definition.js';

/** A fault in a definition file; `line` counts from 1. */
export interface DefinitionFault {
  file: string;
  line: number;
  path: string;
  message: string;
}

const Milliseconds = z
  .number()
  .int()
  .min(1)
  .max(30 * 86_400_000);
const Name = z.string().min(1).max(128);

const Step = z.strictObject({
  name: Name,
  kind: z.enum(['action', 'compensation']).default('action'),
  compensates: Name.optional(),
  optional: z.boolean().default(false),
  deadline_ms: Milliseconds.optional(),
  match: z.string().max(4096).optional(),
  on: z.enum(['spans', 'logs']).default('spans'),
});

/** One `*.saga.yaml` file. */
export const SagaFile = z.strictObject({
  name: Name,
  version: z.union([z.string(), z.number()]).transform(String).default('1'),
  type: z.enum(['orchestration', 'choreography']),
  correlation: z.string().max(256).default(''),
  steps: z.array(Step).min(1).max(100),
  terminal: z.strictObject({ completed: z.array(Name).default([]), failed: z.array(Name).default([]) }).optional(),
  stuck_after_ms: Milliseconds.default(STUCK_AFTER_MS),
});

/**
 * Reads every `*.saga.yaml` of a folder. A file with faults is left out and told; it never stops the others. A folder
 * that is not there holds no definitions.
 */
export async function readDefinitions(
  folder: string,
): Promise<{ definitions: SagaDefinition[]; faults: DefinitionFault[] }> {
  const definitions: SagaDefinition[] = [];
  const faults: DefinitionFault[] = [];
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((name) => /\.saga\.ya?ml$/.test(name)).toSorted()) {
    const path = join(folder, file);
    const read = parseDefinition(path, await readFile(path, 'utf8'));
    if ('definition' in read) {
      const twin = definitions.find((known) => known.name === read.definition.name);
      if (!twin) definitions.push(read.definition);
      else
        faults.push({
          file: path,
          line: 1,
          path: 'name',
          message: `“${twin.name}” is defined in ${twin.file} already: give this saga another name.`,
        });
    } else faults.push(...read.faults);
  }
  return { definitions, faults };
}

/** Parses one file; all its faults are found at once. */
export function parseDefinition(
  file: string,
  text: string,
): { definition: SagaDefinition } | { faults: DefinitionFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, maxAliasCount: 10 } as Parameters<
    typeof parseDocument
  >[1]);
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map((error) => ({
        file,
        line: error.linePos?.[0].line ?? 1,
        path: '',
        message: error.message.split('\n')[0] ?? error.message,
      })),
    };
  }
  const lineOf = (path: PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      const range = (node as { range?: [number, number, number] } | null)?.range;
      if (range) return lines.linePos(range[0]).line;
    }
    return 1;
  };
  const fault = (path: PropertyKey[], message: string): DefinitionFault => ({
    file,
    line: lineOf(path),
    path: path.map(String).join('.'),
    message,
  });
  if (!isMap(document.contents)) {
    return { faults: [fault([], 'A saga file is a map with name, type and steps.')] };
  }
  const read = SagaFile.safeParse(document.toJS());
  if (!read.success) return { faults: read.error.issues.map((issue) => fault(issue.path, issue.message)) };
  const faults = [...nameFaults(read.data)].map(({ path, message }) => fault(path, message));
  const filters = read.data.steps.map((step, i): FilterNode | null => {
    if (step.match === undefined) return null;
    const parsed = parseFilter(step.match, step.on);
    for (const f of parsed.faults)
      faults.push(fault(['steps', i, 'match'], `at character ${f.position + 1}: ${f.message}`));
    return parsed.filter;
  });
  if (faults.length > 0) return { faults };
  const { name, version, type, correlation, steps, terminal, stuck_after_ms } = read.data;
  return {
    definition: {
      file,
      name,
      version,
      type,
      correlation,
      terminal: terminal ?? { completed: [], failed: [] },
      stuckAfterMs: stuck_after_ms,
      steps: steps.map((step, i) => ({
        name: step.name,
        kind: step.kind,
        compensates: step.compensates ?? null,
        optional: step.optional,
        deadlineMs: step.deadline_ms ?? null,
        match: filters[i] ?? null,
        on: step.on,
      })),
    },
  };
}

/** Faults between the parts of a file that a schema cannot see. */
function* nameFaults(saga: z.infer<typeof SagaFile>): Generator<{ path: PropertyKey[]; message: string }> {
  const actions = new Set(saga.steps.filter((step) => step.kind === 'action').map((step) => step.name));
  const known = `one of ${[...actions].map((name) => `“${name}”`).join(', ')}`;
  for (const [i, step] of saga.steps.entries()) {
    if (step.kind === 'compensation' && !actions.has(step.compensates ?? '')) {
      yield { path: ['steps', i, 'compensates'], message: `A compensation names the step it undoes: ${known}.` };
    }
    if (step.kind === 'action' && step.compensates !== undefined) {
      yield { path: ['steps', i, 'compensates'], message: 'Only a step of kind: compensation compensates another.' };
    }
    if (step.match !== undefined && saga.correlation === '') {
      yield {
        path: ['steps', i, 'match'],
        message: 'Steps found by match need correlation: the attribute that joins them.',
      };
    }
  }
  for (const end of ['completed', 'failed'] as const) {
    for (const [i, name] of (saga.terminal?.[end] ?? []).entries()) {
      if (!actions.has(name))
        yield { path: ['terminal', end, i], message: `There is no step “${name}”: name ${known}.` };
    }
  }
}
