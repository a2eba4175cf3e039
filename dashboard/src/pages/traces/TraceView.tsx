import type { Trace } from '@orrery/collector/api';
import { useMemo, useState } from 'react';
import { useChangeSearch, useSearch } from '../../time/use-address.js';
import { Button } from '../../ui/Button.js';
import { useEscape } from '../../ui/escape.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { countText } from '../../ui/figure-text.js';
import { FlameGraph } from './flame/FlameGraph.js';
import { flameLanes } from './flame/flame-lanes.js';
import { SpanPanel } from './SpanPanel.js';
import { TraceHead } from './TraceHead.js';
import { TraceLogs } from './TraceLogs.js';
import { TraceServices } from './TraceServices.js';
import styles from './TraceView.module.css';
import type { TraceLines } from './trace-lines.js';
import { useTraceKeys } from './use-trace-keys.js';
import { Minimap } from './waterfall/Minimap.js';
import { logsBySpan, matchesOf } from './waterfall/span-search.js';
import { treeOf, visibleRows } from './waterfall/trace-tree.js';
import { Waterfall } from './waterfall/Waterfall.js';

const tabs = [
  ['waterfall', 'Waterfall'],
  ['flame', 'Flame'],
  ['services', 'Services'],
  ['logs', 'Logs'],
] as const;

export function TraceView({ trace, lines: said, arriving }: { trace: Trace; lines: TraceLines; arriving: boolean }) {
  const logs = said.rows;
  const search = useSearch();
  const change = useChangeSearch();
  const tree = useMemo(() => treeOf(trace), [trace]);
  const rowOfId = useMemo(() => new Map(trace.columns.span_id.map((id, row) => [id, row])), [trace]);
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(() => new Set());
  const critical = useMemo(() => new Set(trace.critical_path), [trace]);
  const lines = useMemo(() => logsBySpan(logs, rowOfId), [logs, rowOfId]);

  const tab = search.tab ?? 'waterfall';
  const onlyCritical = search.path === '1';
  const withLogs = search.lines !== '0';
  const text = search.find ?? '';
  const selected = rowOfId.get(search.span ?? '') ?? -1;
  const matches = useMemo(() => matchesOf(trace, text), [trace, text]);
  const rows = useMemo(
    () => visibleRows(tree, collapsed, onlyCritical ? critical : null, withLogs ? lines : null),
    [tree, collapsed, onlyCritical, critical, withLogs, lines],
  );
  const isFlame = tab === 'flame';
  const lanes = useMemo(() => (isFlame ? flameLanes(trace, tree) : null), [isFlame, trace, tree]);
  const total = useMemo(() => endOf(trace), [trace]);
  const view = viewOf(search.view, total);
  const setView = (next: { from: number; to: number } | null) =>
    change({ view: next ? `${next.from.toFixed(3)}-${next.to.toFixed(3)}` : undefined });
  const select = (row: number) => change({ span: row < 0 ? undefined : trace.columns.span_id[row] }, { replace: true });
  const toggle = (row: number, closed?: boolean) =>
    setCollapsed((before) => {
      const next = new Set(before);
      if (closed ?? !before.has(row)) next.add(row);
      else next.delete(row);
      return next;
    });
  useEscape(search.view !== undefined, () => setView(null));
  useTraceKeys({
    trace,
    tree,
    rows: isFlame ? tree.order : rows,
    lanes,
    selected,
    collapsed,
    onSelect: select,
    onToggle: toggle,
    onCollapseAll: (closed) =>
      setCollapsed(
        closed
          ? new Set(tree.order.filter((row) => (tree.children[row] ?? 0) > 0 && (tree.depth[row] ?? 0) > 0))
          : new Set(),
      ),
    onCritical: () => change({ path: onlyCritical ? undefined : '1' }, { replace: true }),
  });
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <TraceHead trace={trace} arriving={arriving} lines={said.state} />
        <div className={styles.tools}>
          <div role="tablist" aria-label="Views of this trace" className={styles.tabs}>
            {tabs.map(([id, name]) => (
              <button
                key={id}
                type="button"
                role="tab"
                aria-selected={tab === id}
                onClick={() => change({ tab: id === 'waterfall' ? undefined : id }, { replace: true })}
              >
                {name}
                {id === 'logs' && logs.length > 0 ? ` ${logs.length}${said.state === 'cut' ? '+' : ''}` : ''}
              </button>
            ))}
          </div>
          {tab === 'waterfall' && (
            <>
              <span className={styles.found}>
                {matches ? countText(matches.size, 'span matches', 'spans match') : ''}
              </span>
              <FilterInput
                label="Find in this trace"
                value={text}
                onChange={(value, options) => change({ find: value }, options)}
              />
              <Button
                active={onlyCritical}
                title="What the duration is made of (c)"
                onClick={() => change({ path: onlyCritical ? undefined : '1' }, { replace: true })}
              >
                Critical path
              </Button>
              {logs.length > 0 && (
                <Button
                  active={withLogs}
                  onClick={() => change({ lines: withLogs ? '0' : undefined }, { replace: true })}
                >
                  Log lines
                </Button>
              )}
            </>
          )}
        </div>
        {tab === 'logs' ? (
          <TraceLogs trace={trace} lines={said} onSelect={(spanId) => select(rowOfId.get(spanId) ?? -1)} />
        ) : tab === 'services' ? (
          <TraceServices trace={trace} tree={tree} />
        ) : lanes ? (
          <FlameGraph
            trace={trace}
            tree={tree}
            lanes={lanes}
            view={view}
            onView={setView}
            selected={selected}
            onSelect={select}
          />
        ) : (
          <>
            <Minimap trace={trace} tree={tree} total={total} view={view} onView={setView} />
            <Waterfall
              trace={trace}
              tree={tree}
              rows={rows}
              logs={logs}
              view={view}
              collapsed={collapsed}
              critical={critical}
              matches={matches}
              selected={selected}
              onSelect={(row) => select(row === selected ? -1 : row)}
              onToggle={toggle}
            />
          </>
        )}
      </div>
      {selected >= 0 && <SpanPanel trace={trace} tree={tree} row={selected} logs={logs} onClose={() => select(-1)} />}
    </div>
  );
}

/** The last instant of any span, so that nothing falls off the axis. */
function endOf(trace: Trace): number {
  let end = Math.max(0.001, trace.summary.duration_ms);
  const { start_ms, duration_ms } = trace.columns;
  for (let row = 0; row < start_ms.length; row += 1) {
    const at = (start_ms[row] ?? 0) + (duration_ms[row] ?? 0);
    if (at > end) end = at;
  }
  return end;
}

function viewOf(text: string | undefined, total: number): { from: number; to: number } {
  const parts = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text ?? '');
  const from = Number(parts?.[1]);
  const to = Number(parts?.[2]);
  return parts && to > from ? { from, to: Math.min(to, total) } : { from: 0, to: total };
}
