import type { MapEdge } from '@orrery/collector/api';
import { both, clause } from '../../api/filter-text.js';
import { Door } from '../../ui/Door.js';
import { figureText } from '../../ui/figure-text.js';
import { SidePanel, SideSection } from '../../ui/SidePanel.js';
import { ToneMark } from '../../ui/Tone.js';
import { breakerLook } from '../breakers/breaker-look.js';
import { Switch } from '../breakers/Switch.js';
import styles from './MapPanels.module.css';
import type { MapPart } from './map-focus.js';
import { RedFigures } from './RedFigures.js';

type State = Parameters<typeof Switch>[0]['state'];

const words: Record<MapEdge['kind'], string> = {
  sync: 'A call that waits for its answer',
  async: 'Messages',
  database: 'Data access',
  external: 'A call to somebody outside',
};

const failureWords: Record<string, string> = {
  crash: 'refused or reset: the process is gone',
  omission: 'no answer, and the call never arrived',
  timing: 'too late: the deadline had passed',
  response: 'answered with an error',
  arbitrary: 'answered against the contract',
};

export function EdgePanel({
  edge,
  map,
  onClose,
  onNode,
}: {
  edge: MapEdge;
  map: MapPart;
  onClose: () => void;
  onNode: (id: string) => void;
}) {
  const source = map.nodes.find((node) => node.id === edge.source);
  const target = map.nodes.find((node) => node.id === edge.target);
  const asker = source?.kind === 'service' ? clause('service', source.name) : '';
  const answerer = target?.kind === 'service' ? clause('service', target.name) : '';
  const filter = asker || answerer;
  return (
    <SidePanel
      title={`${source?.name ?? edge.source} → ${target?.name ?? edge.target}`}
      subtitle={words[edge.kind]}
      onClose={onClose}
      width={380}
    >
      <RedFigures red={edge} />
      <p className={styles.doors}>
        <Door to="/traces" search={{ q: filter }}>
          Traces
        </Door>
        <Door to="/traces" search={{ q: both(filter, 'status:error') }}>
          Failed ones
        </Door>
        <button type="button" onClick={() => onNode(edge.source)}>
          {source?.name}
        </button>
        <button type="button" onClick={() => onNode(edge.target)}>
          {target?.name}
        </button>
      </p>
      {Object.keys(edge.failures).length > 0 && (
        <SideSection title="How it fails">
          <ul className={styles.failures}>
            {Object.entries(edge.failures).map(([kind, count]) => (
              <li key={kind}>
                <Door to="/traces" search={{ q: both(filter, clause('failure.kind', kind)) }}>
                  <b>{figureText(count)}</b> {kind}
                </Door>
                <small>{failureWords[kind] ?? ''}</small>
              </li>
            ))}
          </ul>
        </SideSection>
      )}
      {edge.breakers.length > 0 && (
        <SideSection title="Guarded by">
          {edge.breakers.map((breaker) => {
            const look = breakerLook(breaker.state as State);
            return (
              <Door key={breaker.id} to="/breakers" search={{ breaker: breaker.id }} className={styles.breaker}>
                <Switch state={breaker.state as State} />
                {breaker.name}
                <ToneMark tone={look.tone} shape={look.shape}>
                  {look.word}
                </ToneMark>
              </Door>
            );
          })}
        </SideSection>
      )}
    </SidePanel>
  );
}
