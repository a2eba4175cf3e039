import { JsonFault } from '../json/json-error.js';
import { parseJson } from '../json/parse-json.js';
import { Refusal } from '../refusal.js';

/** One action of a `_bulk` body, with its document or the reason why there is none. */
export interface BulkItem {
  action: 'index' | 'create' | 'update' | 'delete';
  index: string;
  id: string | null;
  document: Record<string, unknown> | null;
  fault: string;
}

const ACTIONS = new Set(['index', 'create', 'update', 'delete']);
const NEWLINE = 0x0a;

/**
 * Reads NDJSON of action lines and documents.
 * @throws Refusal 400 for a broken action line: what follows it could be anything, as Elasticsearch judges too.
 */
export function parseBulk(bytes: Buffer, defaultIndex: string): BulkItem[] {
  const items: BulkItem[] = [];
  let action: Omit<BulkItem, 'document' | 'fault'> | null = null;
  let lineNumber = 0;
  for (const line of lines(bytes)) {
    lineNumber++;
    if (action === null) {
      if (line.length === 0) continue;
      action = parseAction(line, lineNumber, defaultIndex);
      if (action.action === 'delete') {
        items.push({ ...action, document: null, fault: 'Documents can not be deleted here.' });
        action = null;
      }
      continue;
    }
    items.push({ ...action, ...parseDocument(line, action.action) });
    action = null;
  }
  if (action !== null) items.push({ ...action, document: null, fault: 'The body ends before the document.' });
  return items;
}

function* lines(bytes: Buffer): Generator<Buffer, void, void> {
  let from = 0;
  while (from < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline === -1 ? bytes.length : newline;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
}

function parseAction(line: Buffer, lineNumber: number, defaultIndex: string): Omit<BulkItem, 'document' | 'fault'> {
  const [action, meta] = Object.entries(parsedAction(line, lineNumber))[0] ?? [];
  if (action === undefined || !ACTIONS.has(action))
    throw malformed(lineNumber, 'expected index, create, update or delete');
  const { _index: index, _id: id } = (meta ?? {}) as Record<string, unknown>;
  return {
    action: action as BulkItem['action'],
    index: typeof index === 'string' ? index : defaultIndex,
    id: typeof id === 'string' ? id : null,
  };
}

function parsedAction(line: Buffer, lineNumber: number): Record<string, unknown> {
  try {
    return parseObject(line);
  } catch (error) {
    throw malformed(lineNumber, (error as Error).message);
  }
}

function malformed(lineNumber: number, fault: string): Refusal {
  return new Refusal('not_decodable', 400, `Malformed action/metadata line [${lineNumber}], ${fault}.`);
}

function parseDocument(line: Buffer, action: BulkItem['action']): Pick<BulkItem, 'document' | 'fault'> {
  if (action === 'update') return { document: null, fault: 'Documents can not be updated here.' };
  try {
    return { document: parseObject(line), fault: '' };
  } catch (error) {
    return { document: null, fault: `failed to parse: ${(error as Error).message}` };
  }
}

/** @throws JsonFault */
function parseObject(line: Buffer): Record<string, unknown> {
  const value = parseJson(line);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new JsonFault('the line is not a JSON object');
}
