import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type MouseEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useListKeys } from './use-list-keys.js';
import styles from './VirtualTable.module.css';

export interface VirtualColumn<Row> {
  id: string;
  name: ReactNode;
  /** A CSS grid track. */
  track: string;
  cell: (row: Row) => ReactNode;
  right?: boolean;
  sortable?: boolean;
  secondary?: boolean;
}

export interface VirtualTableProps<Row> {
  label: string;
  columns: readonly VirtualColumn<Row>[];
  count: number;
  rowAt: (index: number) => Row | undefined;
  rowKey: (row: Row) => string;
  onOpen: (row: Row) => void;
  selectedKey?: string | undefined;
  sort?: { by: string; descending: boolean; onSort: (by: string) => void };
  /** Called when the end comes near. */
  onEnd?: () => void;
  rowHeight?: number;
  /** Rows may be higher than `rowHeight`: they are measured. */
  measured?: boolean;
  foot?: ReactNode;
  scroller?: RefObject<HTMLDivElement | null>;
  onScroll?: (top: number) => void;
  tone?: (row: Row) => string | undefined;
}

/** A table of any length: only the rows in view exist. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { columns, count, rowAt, rowKey, onOpen, onEnd, rowHeight = 30 } = props;
  const own = useRef<HTMLDivElement>(null);
  const scroller = props.scroller ?? own;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => {
      const row = rowAt(index);
      return row ? rowKey(row) : index;
    },
  });
  const { cursor } = useListKeys(count, {
    onOpen: (index) => {
      const row = rowAt(index);
      if (row) onOpen(row);
    },
    onMove: (index) => rows.scrollToIndex(index),
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const nearEnd = count > 0 && last >= count - 20;
  const latestEnd = useRef(onEnd);
  latestEnd.current = onEnd;
  useEffect(() => {
    if (nearEnd) latestEnd.current?.();
  }, [nearEnd, count]);
  const template = columns.map((column) => column.track).join(' ');
  const open = (event: MouseEvent, row: Row) => {
    if ((event.target as HTMLElement).closest('a, button') || window.getSelection()?.toString()) return;
    onOpen(row);
  };
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      role="table"
      aria-label={props.label}
      aria-rowcount={count}
      onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
    >
      <div className={styles.head} role="row" style={{ gridTemplateColumns: template }}>
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            data-right={column.right || undefined}
            data-secondary={column.secondary || undefined}
            aria-sort={props.sort?.by === column.id ? (props.sort.descending ? 'descending' : 'ascending') : undefined}
          >
            {props.sort && column.sortable ? (
              <button type="button" onClick={() => props.sort?.onSort(column.id)}>
                {column.name}
                {props.sort.by === column.id &&
                  (props.sort.descending ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
              </button>
            ) : (
              column.name
            )}
          </div>
        ))}
      </div>
      <div className={styles.space} role="rowgroup" style={{ height: rows.getTotalSize() }}>
        {items.map((item) => {
          const row = rowAt(item.index);
          if (!row) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter are the keys
            <div
              key={item.key}
              ref={props.measured ? rows.measureElement : undefined}
              data-index={item.index}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 1}
              className={styles.row}
              data-cursor={cursor === item.index || undefined}
              data-selected={(props.selectedKey !== undefined && rowKey(row) === props.selectedKey) || undefined}
              data-tone={props.tone?.(row)}
              style={{
                gridTemplateColumns: template,
                transform: `translateY(${item.start}px)`,
                ...(props.measured ? { minHeight: rowHeight } : { height: rowHeight }),
              }}
              onClick={(event) => open(event, row)}
            >
              {columns.map((column) => (
                <div
                  key={column.id}
                  role="cell"
                  data-right={column.right || undefined}
                  data-secondary={column.secondary || undefined}
                >
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {props.foot && <div className={styles.foot}>{props.foot}</div>}
    </div>
  );
}
