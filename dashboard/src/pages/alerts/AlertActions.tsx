import type { Alert } from '@orrery/collector/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { change } from '../../api/client.js';
import { usePreference } from '../../preferences/preference.js';
import { Button } from '../../ui/Button.js';
import styles from './Alerts.module.css';

const durations: readonly [number, string][] = [
  [1_800_000, '30 minutes'],
  [3_600_000, '1 hour'],
  [14_400_000, '4 hours'],
  [86_400_000, '1 day'],
];

/** "I am on it", and "be quiet for a while". Both are kept with the name of who said so. */
export function AlertActions({ alert }: { alert: Alert }) {
  const client = useQueryClient();
  const [by, setBy] = usePreference<string>('name', '');
  const [comment, setComment] = useState('');
  const [duration, setDuration] = useState(3_600_000);
  const done = () => client.invalidateQueries();
  const acknowledge = useMutation({
    mutationFn: () => change('POST', '/alerts/:id/acknowledge', { id: alert.id }, { by: by.trim(), comment }),
    onSuccess: done,
  });
  const silence = useMutation({
    mutationFn: () =>
      change('POST', '/silences', {}, { check: alert.check, duration_ms: duration, by: by.trim(), comment }),
    onSuccess: done,
  });
  const failed = acknowledge.error ?? silence.error;
  const ready = by.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) acknowledge.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <label>
        Your name
        <input value={by} maxLength={128} autoComplete="name" onChange={(event) => setBy(event.target.value)} />
      </label>
      <label>
        Comment
        <input value={comment} maxLength={1024} onChange={(event) => setComment(event.target.value)} />
      </label>
      {alert.acknowledged_by ? (
        <p>{alert.acknowledged_by} is on it.</p>
      ) : (
        <Button type="submit" look="primary" disabled={!ready || acknowledge.isPending || alert.state === 'resolved'}>
          I am on it
        </Button>
      )}
      <label>
        Silence {alert.check} for
        <select value={duration} onChange={(event) => setDuration(Number(event.target.value))}>
          {durations.map(([ms, name]) => (
            <option key={ms} value={ms}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Button disabled={!ready || silence.isPending} onClick={() => silence.mutate()}>
        Silence
      </Button>
      {silence.isSuccess && <p role="status">Silenced.</p>}
      {failed && (
        <p className={styles.wrong} role="alert">
          {failed.message}
        </p>
      )}
    </form>
  );
}
