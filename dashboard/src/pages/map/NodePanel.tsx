import type { MapEdge, MapNode } from '@orrery/collector/api';
import { clause } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { Sparkline } from '../../chart/Sparkline.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { SidePanel, SideSection } from '../../ui/SidePanel.js';
import { EdgeList } from './EdgeList.js';
import styles from './MapPanels.module.css';
import type { MapPart } from './map-focus.js';
import { RedFigures } from './RedFigures.js';

export function NodePanel({
  node,
  map,
  onClose,
  onFocus,
  onEdge,
}: {
  node: MapNode;
  map: MapPart;
  onClose: () => void;
  onFocus: () => void;
  onEdge: (id: string) => void;
}) {
  const time = usePageTime();
  const [synthetic] = useParameter('synthetic', 'include');
  const isService = node.kind === 'service';
  const detail = useAnswer(
    '/services/:service',
    { service: node.name, ...time.parameters, synthetic },
    { enabled: isService, refresh: time.refresh, keep: false },
  );
  const into = map.edges.filter((edge: MapEdge) => edge.target === node.id);
  const out = map.edges.filter((edge: MapEdge) => edge.source === node.id);
  const series = detail.data?.summary.series;
  return (
    <SidePanel
      title={node.name}
      subtitle={[node.kind, node.system, node.language].filter(Boolean).join(' · ')}
      onClose={onClose}
      width={380}
    >
      <RedFigures red={node} />
      {series && (
        <div className={styles.charts}>
          <figure>
            <figcaption>Requests, errors</figcaption>
            <Sparkline
              values={series.requests}
              marks={series.errors}
              width={336}
              height={44}
              label={`Requests of ${node.name}`}
            />
          </figure>
          <figure>
            <figcaption>p95</figcaption>
            <Sparkline values={series.p95_ms} width={336} height={44} label={`p95 of ${node.name}`} />
          </figure>
        </div>
      )}
      <p className={styles.doors}>
        {isService && <Door to={`/services/${encodeURIComponent(node.name)}`}>Its page</Door>}
        {isService && (
          <Door to="/traces" search={{ q: clause('service', node.name) }}>
            Traces
          </Door>
        )}
        {isService && (
          <Door to="/logs" search={{ q: clause('service', node.name) }}>
            Logs
          </Door>
        )}
        {isService && (
          <Door to="/breakers" search={{ service: node.name }}>
            Breakers
          </Door>
        )}
      </p>
      <Button onClick={onFocus}>Only its surroundings</Button>
      {into.length > 0 && (
        <SideSection title={`Called by (${into.length})`}>
          <EdgeList edges={into} end="source" map={map} onEdge={onEdge} />
        </SideSection>
      )}
      {out.length > 0 && (
        <SideSection title={`Calls (${out.length})`}>
          <EdgeList edges={out} end="target" map={map} onEdge={onEdge} />
        </SideSection>
      )}
    </SidePanel>
  );
}
