import { Door } from '../../ui/Door.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './Changes.module.css';
import type { Change } from './changes.js';

export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0)
    return <p className={styles.none}>Nothing changed: no breaker moved, no alert came or went.</p>;
  return (
    <ol className={styles.list}>
      {changes.map((change) => (
        <li key={change.key}>
          <ToneMark tone={change.tone} shape={change.shape} quiet />
          <div>
            <Door to={change.href}>{change.what}</Door>
            {change.detail && <p>{change.detail}</p>}
          </div>
          <span className={styles.when}>
            <When ms={change.atMs} />
          </span>
        </li>
      ))}
    </ol>
  );
}
