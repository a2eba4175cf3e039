import type { MapEdge } from '@orrery/collector/api';
import { durationText } from '../../time/duration-text.js';
import { percentText, rateText } from '../../ui/figure-text.js';
import styles from './MapPanels.module.css';
import { hasTrouble, type MapPart } from './map-focus.js';

export function EdgeList({
  edges,
  end,
  map,
  onEdge,
}: {
  edges: readonly MapEdge[];
  end: 'source' | 'target';
  map: MapPart;
  onEdge: (id: string) => void;
}) {
  const names = new Map(map.nodes.map((node) => [node.id, node.name]));
  return (
    <ul className={styles.edges}>
      {[...edges]
        .sort((a, b) => b.rate - a.rate)
        .map((edge) => (
          <li key={edge.id}>
            <button type="button" onClick={() => onEdge(edge.id)}>
              <span>{names.get(edge[end]) ?? edge[end]}</span>
              <small>{edge.kind}</small>
              <b>{rateText(edge.rate)}</b>
              <b data-bad={hasTrouble(edge) || undefined}>
                {hasTrouble(edge) ? `▲ ${percentText(edge.error_ratio)}` : percentText(edge.error_ratio)}
              </b>
              <b>{durationText(edge.p95_ms)}</b>
            </button>
          </li>
        ))}
    </ul>
  );
}
