import { useMemo } from 'react';
import { useAnswer } from '../../api/use-answer.js';
import { useChangeSearch, useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { useEscape } from '../../ui/escape.js';
import { figureText } from '../../ui/figure-text.js';
import { EdgePanel } from './EdgePanel.js';
import { MapCanvas } from './MapCanvas.js';
import styles from './MapPage.module.css';
import { mapFindings } from './map-findings.js';
import { hasTrouble, troubled, wholePart, within } from './map-focus.js';
import { NodePanel } from './NodePanel.js';

/** Maps larger than this open on what is in trouble. */
const wholeLimit = 60;

/** Who depends on whom, and where does it hurt? */
export function MapPage() {
  const time = usePageTime();
  const change = useChangeSearch();
  const [synthetic] = useParameter('synthetic', 'include');
  const [focus] = useParameter('focus');
  const [hops] = useParameter('hops', '1');
  const [show] = useParameter('show');
  const [selected, setSelected] = useParameter('at');
  const answer = useAnswer('/map', { ...time.parameters, synthetic }, { refresh: time.refresh });
  const whole = useMemo(() => (answer.data ? wholePart(answer.data) : { nodes: [], edges: [] }), [answer.data]);
  const findings = useMemo(() => mapFindings(whole), [whole]);
  const large = whole.nodes.length > wholeLimit;
  const onlyTrouble = show ? show === 'trouble' : large;
  const part = focus ? within(whole, focus, Number(hops) || 1) : onlyTrouble ? troubled(whole) : whole;
  const focused = whole.nodes.find((node) => node.id === focus);
  const node = whole.nodes.find((candidate) => candidate.id === selected);
  const edge = whole.edges.find((candidate) => candidate.id === selected);
  const bad = whole.edges.filter(hasTrouble);
  const close = () => setSelected(undefined, { replace: true });
  useEscape(focus !== '' && selected === '', () => change({ focus: undefined, hops: undefined }));
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <header className={styles.head}>
          <div className={styles.words}>
            <h1>
              {bad.length > 0
                ? `It hurts on ${bad.length === 1 ? 'one edge' : `${bad.length} edges`}`
                : answer.data
                  ? 'Every call is answered'
                  : 'Map'}
            </h1>
            <p>
              {answer.data &&
                `${whole.nodes.length} parts, ${whole.edges.length} edges${part.nodes.length < whole.nodes.length ? `, ${part.nodes.length} shown` : ''}${answer.data.unpaired > 0 ? ` · ${answer.data.unpaired} spans name no peer` : ''}`}
            </p>
          </div>
          <div className={styles.tools}>
            {focused ? (
              <>
                <span>Around {focused.name}</span>
                {['1', '2', '3'].map((count) => (
                  <Button
                    key={count}
                    active={hops === count}
                    onClick={() => change({ hops: count === '1' ? undefined : count }, { replace: true })}
                  >
                    {count} {count === '1' ? 'hop' : 'hops'}
                  </Button>
                ))}
                <Button onClick={() => change({ focus: undefined, hops: undefined })}>Whole map</Button>
              </>
            ) : (
              <>
                <Button active={onlyTrouble} onClick={() => change({ show: 'trouble' }, { replace: true })}>
                  Trouble and neighbours
                </Button>
                <Button active={!onlyTrouble} onClick={() => change({ show: 'all' }, { replace: true })}>
                  Everything
                </Button>
              </>
            )}
          </div>
        </header>
        {answer.data?.truncated && (
          <p className={styles.capped}>
            {answer.data.total === undefined
              ? 'There is more than was read for this: a shorter range shows all of it.'
              : `There are ${figureText(answer.data.total)} parts: only the ${figureText(answer.data.nodes.length)} busiest are drawn.`}
          </p>
        )}
        {answer.data?.sampled && (
          <p className={styles.capped}>
            So many addresses are called that not all could be looked up: some stand as addresses although a service of
            this map answers there.
          </p>
        )}
        <Answered answer={answer} what="The map" skeleton={10}>
          {() =>
            whole.nodes.length === 0 ? (
              <EmptyView
                title="Nobody called anybody in this range"
                why="The map draws itself from spans: a server span that knows its caller makes an edge."
              >
                <Door to="/map" search={{ from: 'now-24h', to: undefined }}>
                  Look at the last 24 hours
                </Door>
                <Door to="/welcome">How to send something</Door>
              </EmptyView>
            ) : part.nodes.length === 0 ? (
              <EmptyView
                title="Nothing is in trouble"
                why="No part fails more than one request in a hundred, and no breaker is open."
              >
                <Button onClick={() => change({ show: 'all' }, { replace: true })}>Show everything</Button>
              </EmptyView>
            ) : (
              <MapCanvas
                part={part}
                selected={selected}
                onSelect={(id) => setSelected(id === selected ? undefined : id, { replace: true })}
                onFocus={(id) => change({ focus: id, at: undefined })}
              />
            )
          }
        </Answered>
        <Legend />
        {findings.length > 0 && (
          <details className={styles.findings}>
            <summary>{findings.length} notes on coupling</summary>
            <ul>
              {findings.map((finding) => (
                <li key={finding.sentence}>
                  <button type="button" onClick={() => change({ focus: finding.focus })}>
                    {finding.sentence}
                  </button>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {node && (
        <NodePanel
          node={node}
          map={whole}
          onClose={close}
          onFocus={() => change({ focus: node.id, at: undefined })}
          onEdge={(id) => setSelected(id)}
        />
      )}
      {edge && <EdgePanel edge={edge} map={whole} onClose={close} onNode={(id) => setSelected(id)} />}
    </div>
  );
}

function Legend() {
  return (
    <div className={styles.legend} aria-label="Legend" role="note">
      <span>
        <svg width="28" height="6" aria-hidden="true">
          <path d="M0 3H28" />
        </svg>
        call
      </span>
      <span>
        <svg width="28" height="6" aria-hidden="true">
          <path d="M0 3H28" strokeDasharray="6 4" />
        </svg>
        message
      </span>
      <span>
        <svg width="28" height="6" aria-hidden="true">
          <path d="M0 3H28" strokeDasharray="1 4" strokeLinecap="round" strokeWidth="2.5" />
        </svg>
        data
      </span>
      <span>thicker: more calls</span>
    </div>
  );
}
