import { useMutation, useQueryClient } from '@tanstack/react-query';
import { change } from '../../api/client.js';
import { useAnswer } from '../../api/use-answer.js';
import { msOfNano } from '../../time/instant-text.js';
import { Button } from '../../ui/Button.js';
import { Panel } from '../../ui/Page.js';
import { When } from '../../ui/When.js';
import styles from './Alerts.module.css';

/** What is being kept quiet, by whom and until when. Silences stop notifications, never evaluation. */
export function Silences() {
  const answer = useAnswer('/silences', {}, { refresh: 15_000 });
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: (id: string) => change('DELETE', '/silences/:id', { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ['/silences'] }),
  });
  const silences = (answer.data?.silences ?? []).filter((silence) => msOfNano(silence.to) > Date.now());
  if (silences.length === 0) return null;
  return (
    <Panel title="Silenced">
      <ul className={styles.trail}>
        {silences.map((silence) => (
          <li key={silence.id}>
            <strong>{silence.check}</strong>
            <span>
              until <When nano={silence.to} /> by {silence.by}
            </span>
            <span className={styles.faint}>{silence.comment}</span>
            <Button onClick={() => end.mutate(silence.id)} disabled={end.isPending}>
              End it
            </Button>
          </li>
        ))}
      </ul>
      {end.isError && <p className={styles.wrong}>{end.error.message}</p>}
    </Panel>
  );
}
