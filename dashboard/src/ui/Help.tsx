import { Modal } from '@mantine/core';
import styles from './Help.module.css';
import { places } from './places.js';

const keys: readonly [string, string][] = [
  ['/', 'Search: services, trace and saga ids, correlation ids, checks'],
  ['f', 'Go to the filter of this page'],
  ['j  k', 'Next and previous in a list'],
  ['Enter', 'Open'],
  ['Esc', 'Close, then back'],
  ['?', 'This page'],
];

const traceKeys: readonly [string, string][] = [
  ['← →', 'Collapse and expand'],
  ['n  p', 'Next and previous error'],
  ['c', 'Critical path only'],
  ['[ ]', 'Collapse all, expand all'],
  ['arrows', 'In the flame graph: caller, called, neighbours'],
];

export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={640} transitionProps={{ duration: 0 }}>
      <div className={styles.columns}>
        <Keys title="Everywhere" rows={keys} />
        <Keys title="Go to" rows={places.map((place) => [`g ${place.letter}`, place.name] as [string, string])} />
        <Keys title="In a trace" rows={traceKeys} />
        <p className={styles.note}>
          Drag over any chart to zoom the whole page; the browser's back undoes it. The address holds everything you
          see: copy it to share.
        </p>
      </div>
    </Modal>
  );
}

function Keys({ title, rows }: { title: string; rows: readonly [string, string][] }) {
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      <dl className={styles.keys}>
        {rows.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
