import type { DeadLetterSwept } from '@orrery/collector/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changed } from '../../api/client.js';
import { Button } from '../../ui/Button.js';
import { figureText } from '../../ui/figure-text.js';
import styles from './DeadLetters.module.css';

type What = 'replay' | 'drop';

/** All letters, or all of a reason, at once; asked twice, and page by page, so that none is waited for too long. */
export function SweepDeadLetters({ group, onDone }: { group: string; onDone: () => void }) {
  const [asked, setAsked] = useState<What | null>(null);
  const client = useQueryClient();
  const sweep = useMutation({
    mutationFn: async (what: What) => {
      const sum = { stored: 0, refused: 0, dropped: 0 };
      let cursor: string | null = null;
      do {
        const page: DeadLetterSwept = await changed('POST', `/dead-letters/${what}`, {}, { group, cursor });
        sum.stored += page.stored;
        sum.refused += page.refused;
        sum.dropped += page.dropped;
        cursor = page.next_cursor;
      } while (cursor !== null);
      return sum;
    },
    onSettled: () => {
      setAsked(null);
      onDone();
      return client.invalidateQueries({ queryKey: ['/dead-letters'] });
    },
  });
  const of = group === '' ? 'all' : 'all of this reason';
  if (asked !== null)
    return (
      <span className={styles.actions} role="group" aria-label="Sure?">
        <span>{asked === 'drop' ? `Drop ${of}? Nothing of them will be left.` : `Store ${of} after all?`}</span>
        <Button look="primary" disabled={sweep.isPending} onClick={() => sweep.mutate(asked)}>
          {asked === 'drop' ? 'Drop them' : 'Store them'}
        </Button>
        <Button disabled={sweep.isPending} onClick={() => setAsked(null)}>
          Cancel
        </Button>
      </span>
    );
  return (
    <span className={styles.actions}>
      {sweep.data && (
        <span role="status">
          {sweep.data.dropped > 0
            ? `${figureText(sweep.data.dropped)} dropped.`
            : `${figureText(sweep.data.stored)} stored, ${figureText(sweep.data.refused)} still can not be.`}
        </span>
      )}
      {sweep.error && (
        <span role="alert" className={styles.wrong}>
          {sweep.error.message}
        </span>
      )}
      <Button onClick={() => setAsked('replay')}>Store {of} …</Button>
      <Button onClick={() => setAsked('drop')}>Drop {of} …</Button>
    </span>
  );
}
