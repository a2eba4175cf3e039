import { Popover } from '@mantine/core';
import { Bell as BellIcon } from 'lucide-react';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.js';
import { agoText, msOfNano } from '../time/instant-text.js';
import styles from './Bell.module.css';
import { Door } from './Door.js';
import { IconButton } from './IconButton.js';

/** What fires now. */
export function Bell() {
  const [opened, setOpened] = useState(false);
  const answer = useAnswer('/alerts', {}, { refresh: 10_000 });
  const firing = (answer.data?.alerts ?? []).filter((alert) => alert.state === 'firing');
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <IconButton
          label={firing.length ? `${firing.length} firing now` : 'Nothing fires'}
          onClick={() => setOpened(!opened)}
        >
          <BellIcon size={16} strokeWidth={1.7} />
          {firing.length > 0 && <span className={styles.count}>{firing.length}</span>}
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown>
        {firing.length === 0 && (
          <p className={styles.calm}>{answer.isError ? 'The alerts did not answer.' : 'Nothing fires.'}</p>
        )}
        {firing.slice(0, 8).map((alert) => (
          <Door
            key={alert.id}
            to={`/alerts/${encodeURIComponent(alert.id)}`}
            className={styles.alert}
            onClick={() => setOpened(false)}
          >
            <strong>{alert.title}</strong>
            <span>
              {alert.severity} · since {agoText(msOfNano(alert.since))}
              {alert.acknowledged_by ? ` · ${alert.acknowledged_by} is on it` : ''}
            </span>
          </Door>
        ))}
        <Door to="/alerts" className={styles.all} onClick={() => setOpened(false)}>
          All alerts
        </Door>
      </Popover.Dropdown>
    </Popover>
  );
}
