import { useRouter } from '@tanstack/react-router';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type MouseEvent, type ReactNode, useRef } from 'react';
import styles from './DataTable.module.css';
import { useListKeys } from './use-list-keys.js';

export interface Column<Row> {
  id: string;
  name: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures stand right. */
  right?: boolean;
  width?: string | number;
  /** Present when the list can be sorted by this column. */
  sortable?: boolean;
  /** Left out on a phone; `first` on narrow screens already. */
  secondary?: boolean | 'first';
  /** Takes the room that the others leave, and no more: its text ends in … before the table is wider than its place. */
  fills?: boolean;
}

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Address that a click on a row, or Enter, opens. */
  href?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selected?: (row: Row) => boolean;
  sort?: { by: string; descending: boolean; onSort: (by: string) => void };
}

/** A table for up to a few hundred rows, with `j`/`k` and doors. Longer lists are virtual. */
export function DataTable<Row>({ label, columns, rows, rowKey, href, onOpen, selected, sort }: DataTableProps<Row>) {
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const open = (row: Row) => {
    if (onOpen) onOpen(row);
    else if (href) router.history.push(href(row));
  };
  const canOpen = href !== undefined || onOpen !== undefined;
  const { cursor } = useListKeys(canOpen ? rows.length : 0, {
    onOpen: (index) => {
      const row = rows[index];
      if (row) open(row);
    },
    onMove: (index) => body.current?.children[index]?.scrollIntoView({ block: 'nearest' }),
  });
  const onClick = (event: MouseEvent, row: Row) => {
    // Links and buttons in a row do their own thing, and marking text is not a click.
    if ((event.target as HTMLElement).closest('a, button') || window.getSelection()?.toString()) return;
    if (href && (event.metaKey || event.ctrlKey)) window.open(href(row), '_blank', 'noopener');
    else open(row);
  };
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              data-right={column.right || undefined}
              data-secondary={column.secondary || undefined}
              data-fills={column.fills || undefined}
              style={{ width: column.width }}
              aria-sort={sort?.by === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
            >
              {sort && column.sortable ? (
                <button type="button" className={styles.sort} onClick={() => sort.onSort(column.id)}>
                  {column.name}
                  {sort.by === column.id && (sort.descending ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
                </button>
              ) : (
                column.name
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter are the keys, and each row holds a link
          <tr
            key={rowKey(row)}
            data-opens={canOpen || undefined}
            data-cursor={cursor === index || undefined}
            data-selected={selected?.(row) || undefined}
            onClick={canOpen ? (event) => onClick(event, row) : undefined}
          >
            {columns.map((column) => (
              <td
                key={column.id}
                data-right={column.right || undefined}
                data-secondary={column.secondary || undefined}
                data-fills={column.fills || undefined}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
