import type { ColumnName, FilterNode } from '../../../query/ast.js';
import { AttributeJoins } from './attribute-sql.js';
import type { FilterTarget } from './filter-sql.js';
import type { Params } from './params.js';

const ITEM_COLUMNS = {
  service: 'i.service',
  environment: 'i.environment',
  trace_id: 'i.trace_id',
  span_id: 'i.span_id',
  correlation_id: 'i.correlation_id',
  saga_id: 'i.saga_id',
};

/** Span columns under `i`, and those of its trace's summary under `t` where that is joined. */
export function spanTarget(params: Params): FilterTarget {
  return {
    attributes: new AttributeJoins(),
    params,
    text: 'i.name',
    columns: {
      ...ITEM_COLUMNS,
      name: 'i.name',
      kind: 'i.kind',
      status: 'i.status',
      duration: '(greatest(i.duration_nano, 0) / 1e6)',
      ...TRACE_COLUMNS,
    },
  };
}

const TRACE_COLUMNS = {
  'trace.duration': '(t.duration_nano / 1e6)',
  'trace.spans': 't.spans',
  'trace.errors': 't.errors',
  'root.service': 't.root_service',
  'root.name': 't.root_name',
};

export function logTarget(params: Params): FilterTarget {
  return {
    attributes: new AttributeJoins(),
    params,
    text: 'i.body',
    columns: { ...ITEM_COLUMNS, severity: 'i.severity', body: 'i.body', event_name: 'i.event_name' },
  };
}

export function seriesTarget(params: Params): FilterTarget {
  return {
    attributes: new AttributeJoins(),
    params,
    text: 'i.metric',
    columns: { service: 'i.service', environment: 'i.environment' },
  };
}

/** Which tables a filter on traces looks into. */
export function filterReach(node: FilterNode): { trace: boolean; span: boolean } {
  switch (node.kind) {
    case 'all':
      return { trace: false, span: false };
    case 'and':
    case 'or': {
      const reaches = node.nodes.map(filterReach);
      return { trace: reaches.some((r) => r.trace), span: reaches.some((r) => r.span) };
    }
    case 'not':
      return filterReach(node.node);
    case 'text':
      return { trace: false, span: true };
    default: {
      const isTrace = node.field.source === 'column' && isTraceColumn(node.field.column);
      return { trace: isTrace, span: !isTrace };
    }
  }
}

function isTraceColumn(column: ColumnName): boolean {
  return column in TRACE_COLUMNS;
}
