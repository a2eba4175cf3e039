import type { z } from 'zod';
import type { UnplacedFault } from './fault.js';

/** What a schema has to say about a file, one sentence a fault; unknown keys are named one by one. */
export function schemaFaults(error: z.ZodError): UnplacedFault[] {
  return error.issues.flatMap((issue) => issueFaults(issue, issue.path));
}

function issueFaults(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): UnplacedFault[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: `"${key}" is not known here.` }));
    case 'invalid_union':
      return [{ path, message: unionSentence(issue) }];
    case 'invalid_type':
      return [
        issue.input === undefined && issue.message.includes('received undefined')
          ? { path, message: 'is missing.' }
          : { path, message: `must be ${article(issue.expected)}, not ${received(issue.message)}.` },
      ];
    case 'invalid_value':
      return [{ path, message: `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}.` }];
    default:
      return [{ path, message: sentence(issue.message) }];
  }
}

/** Of a union the branch that came furthest is the one that was meant. */
function unionSentence(issue: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>): string {
  const meant = issue.errors
    .filter((branch) => branch.some((one) => one.code !== 'invalid_type' || one.path.length > 0))
    .flat()[0];
  if (meant === undefined) return 'is of the wrong type.';
  const [fault] = issueFaults(meant, meant.path);
  if (!fault) return 'is of the wrong type.';
  return fault.path.length === 0 ? fault.message : `${fault.path.map(String).join('.')}: ${fault.message}`;
}

function received(message: string): string {
  return /received (.+)$/.exec(message)?.[1] ?? 'that';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
