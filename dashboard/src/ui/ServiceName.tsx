import { Door } from './Door.js';
import { hueOf } from './hue.js';
import styles from './ServiceName.module.css';

/** A service with its own hue; a door to its page. */
export function ServiceName({ name, plain }: { name: string; plain?: boolean }) {
  const content = (
    <>
      <span className={styles.dot} style={{ background: hueOf(name) }} aria-hidden="true" />
      <span className={styles.text}>{name || 'unknown service'}</span>
    </>
  );
  if (plain || !name) return <span className={styles.name}>{content}</span>;
  return (
    <Door to={`/services/${encodeURIComponent(name)}`} className={styles.name}>
      {content}
    </Door>
  );
}
