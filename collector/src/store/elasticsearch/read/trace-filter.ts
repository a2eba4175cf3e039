import type { FilterNode } from '../../../query/ast.js';
import { StoreError } from '../../store.js';

/** A trace matches when it is as `trace` says and one of its spans is as `span` says. */
export interface TraceAlternative {
  trace: FilterNode;
  /** Null when nothing is asked of a span. */
  span: FilterNode | null;
}

/** Alternatives that one filter may have: each with a span part is a search of its own. */
const MOST_ALTERNATIVES = 16;
const TRACE_COLUMNS = new Set(['trace.duration', 'trace.spans', 'trace.errors', 'root.service', 'root.name']);

/**
 * Splits a filter into what is asked of the trace and what of one of its spans, as alternatives: a trace's own fields
 * are the same for all its spans, so "some span is (A and a) or (B and b)" is "(A and some span a) or (B and some b)".
 * @throws StoreError `question_too_large` when the two are mixed in too many ways
 */
export function traceAlternatives(filter: FilterNode): TraceAlternative[] {
  return alternatives(inside(filter, false)).map(({ trace, span }) => ({
    trace: all(trace),
    span: span.length === 0 ? null : all(span),
  }));
}

interface Parts {
  trace: FilterNode[];
  span: FilterNode[];
}

function alternatives(node: FilterNode): Parts[] {
  if (node.kind === 'all') return [{ trace: [], span: [] }];
  const level = levelOf(node);
  if (level === 'trace') return [{ trace: [node], span: [] }];
  if (level === 'span') return [{ trace: [], span: [node] }];
  let found: Parts[] = [];
  if (node.kind === 'or') found = node.nodes.flatMap(alternatives);
  if (node.kind === 'and') {
    found = [{ trace: [], span: [] }];
    for (const child of node.nodes) {
      const next = alternatives(child);
      found = found.flatMap((a) =>
        next.map((b) => ({ trace: [...a.trace, ...b.trace], span: [...a.span, ...b.span] })),
      );
    }
  }
  if (found.length > MOST_ALTERNATIVES) {
    throw new StoreError('question_too_large', 'The filter mixes conditions on traces and on spans in too many ways.', {
      retryable: false,
    });
  }
  return found;
}

/** Moves every `not` down to where it touches one level only. */
function inside(node: FilterNode, negated: boolean): FilterNode {
  if (node.kind === 'not') return inside(node.node, !negated);
  if ((node.kind === 'and' || node.kind === 'or') && levelOf(node) === 'mixed') {
    const kind = (node.kind === 'and') === negated ? 'or' : 'and';
    return { kind, nodes: node.nodes.map((child) => inside(child, negated)) };
  }
  return negated ? { kind: 'not', node } : node;
}

function levelOf(node: FilterNode): 'trace' | 'span' | 'mixed' {
  switch (node.kind) {
    case 'not':
      return levelOf(node.node);
    case 'and':
    case 'or': {
      const levels = new Set(node.nodes.map(levelOf));
      return levels.size === 1 ? ([...levels][0] ?? 'span') : 'mixed';
    }
    case 'exists':
    case 'compare':
    case 'wildcard':
      return node.field.source === 'column' && TRACE_COLUMNS.has(node.field.column) ? 'trace' : 'span';
    default:
      return 'span';
  }
}

function all(nodes: FilterNode[]): FilterNode {
  if (nodes.length === 1 && nodes[0]) return nodes[0];
  return nodes.length === 0 ? { kind: 'all' } : { kind: 'and', nodes };
}
