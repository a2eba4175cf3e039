import type { ReplayOutcome } from '@orrery/collector/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { change, changed } from '../../api/client.js';
import { useAnswer } from '../../api/use-answer.js';
import { Answered } from '../../ui/Answered.js';
import { Button } from '../../ui/Button.js';
import { bytesText } from '../../ui/figure-text.js';
import { SidePanel, SideSection } from '../../ui/SidePanel.js';
import { When } from '../../ui/When.js';
import styles from './DeadLetters.module.css';

/** One letter: why it is here, where reading it stops, what it holds; to store it after all, or to give it up. */
export function DeadLetterPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const answer = useAnswer('/dead-letters/:id', { id }, { keep: false });
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ['/dead-letters'] });
  const replay = useMutation({
    mutationFn: () => changed<ReplayOutcome>('POST', '/dead-letters/:id/replay', { id }),
    onSuccess: ({ outcome }) => {
      void refresh();
      if (outcome === 'stored') onClose();
    },
  });
  const drop = useMutation({
    mutationFn: () => change('DELETE', '/dead-letters/:id', { id }),
    onSuccess: () => {
      void refresh();
      onClose();
    },
  });
  const failed = replay.error ?? drop.error;
  const busy = replay.isPending || drop.isPending;
  return (
    <SidePanel title="Dead letter" subtitle={id} onClose={onClose} width={560}>
      <Answered answer={answer} what="The dead letter">
        {({ letter, content, fault }) => (
          <>
            <SideSection title="Why it is here">
              <p className={styles.full}>{letter.reason}</p>
              <dl className={styles.facts}>
                <dt>What</dt>
                <dd>
                  {letter.kind} of {letter.about}, {bytesText(letter.bytes)}
                </dd>
                <dt>Where</dt>
                <dd>{letter.place}</dd>
                <dt>Received</dt>
                <dd>
                  <When nano={letter.received} />
                </dd>
                <dt>Set aside</dt>
                <dd>
                  <When nano={letter.set_aside} />
                </dd>
              </dl>
              {letter.final !== null && <p>It can not be replayed. {letter.final}</p>}
              <div className={styles.actions}>
                {letter.final === null && !sure && (
                  <Button look="primary" disabled={busy} onClick={() => replay.mutate()}>
                    Store it after all
                  </Button>
                )}
                {sure ? (
                  <>
                    <span>Nothing of it will be left.</span>
                    <Button disabled={busy} onClick={() => drop.mutate()}>
                      Drop it
                    </Button>
                    <Button onClick={() => setSure(false)}>Keep it</Button>
                  </>
                ) : (
                  <Button disabled={busy} onClick={() => setSure(true)}>
                    Drop …
                  </Button>
                )}
              </div>
              {replay.data?.outcome === 'refused' && <p role="status">{replay.data.sentence}</p>}
              {failed && (
                <p role="alert" className={styles.wrong}>
                  {failed.message}
                </p>
              )}
            </SideSection>
            {fault && (
              <SideSection title={fault.byte === 0 ? 'Nothing of it is read' : `Reading stops at byte ${fault.byte}`}>
                <p className={styles.full}>{fault.says}</p>
                <Content text={fault.hex} label="Bytes around the fault" />
              </SideSection>
            )}
            <SideSection title={TITLES[content.format]}>
              <Content text={content.text} label={TITLES[content.format]} />
              {content.truncated && <p>The rest is left out.</p>}
            </SideSection>
          </>
        )}
      </Answered>
    </SidePanel>
  );
}

const TITLES = { otlp: 'What it says, as far as it can be read', json: 'The document', hex: 'Its bytes' } as const;

function Content({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre className={styles.content} tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}
