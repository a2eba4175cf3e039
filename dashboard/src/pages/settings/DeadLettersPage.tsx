import type { DeadLetterList } from '@orrery/collector/api';
import { ApiError } from '../../api/api-error.js';
import { useAnswer } from '../../api/use-answer.js';
import { useList } from '../../api/use-list.js';
import { DataTable } from '../../table/DataTable.js';
import { useChangeSearch, useParameter } from '../../time/use-address.js';
import { Answered } from '../../ui/Answered.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { bytesText, countText, figureText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { When } from '../../ui/When.js';
import { DeadLetterPanel } from './DeadLetterPanel.js';
import styles from './DeadLetters.module.css';
import { SweepDeadLetters } from './SweepDeadLetters.js';

/** What was acknowledged and can not be stored: why, what it holds, and what to do with it. */
export function DeadLettersPage() {
  const [group, setGroup] = useParameter('group');
  const [selected] = useParameter('letter');
  const change = useChangeSearch();
  const summary = useAnswer('/dead-letters', { limit: 1 }, { refresh: 10_000 });
  const list = useList('/dead-letters', { group, limit: 100 }, 10_000);
  const letters = list.data?.pages.flatMap((page) => page.letters) ?? [];
  const open = (id: string | undefined) => change({ letter: id });
  return (
    <Answered answer={summary} what="The dead letters">
      {(found) => (
        <div className={styles.beside}>
          <Page
            title={found.total === 0 ? 'Everything could be stored' : `${countText(found.total, 'dead letter')}`}
            lead={found.total === 0 && found.made_room === 0 ? undefined : <Bounds found={found} />}
            actions={
              <>
                <Door to="/settings">System</Door>
                {found.total > 0 && <SweepDeadLetters group={group} onDone={() => open(undefined)} />}
              </>
            }
          >
            {found.total === 0 ? (
              <EmptyView
                title="There are no dead letters"
                why="What is acknowledged and can not be stored comes here with its reason, instead of being lost or holding up the rest."
              />
            ) : (
              <>
                <Panel title="Why" note={found.groups.length > 1 ? 'choose one to see only its letters' : undefined}>
                  <ul className={styles.groups}>
                    {found.groups.map(({ group: name, count }) => (
                      <li key={name}>
                        <Button active={group === name} onClick={() => setGroup(group === name ? '' : name)}>
                          {figureText(count)}
                        </Button>
                        <span>{name}</span>
                      </li>
                    ))}
                  </ul>
                </Panel>
                <Panel title="Letters" note="newest first" flush>
                  <DataTable
                    label="Dead letters"
                    rows={letters}
                    rowKey={(letter) => letter.id}
                    onOpen={(letter) => open(letter.id)}
                    selected={(letter) => letter.id === selected}
                    columns={[
                      { id: 'when', name: 'Set aside', cell: (letter) => <When nano={letter.set_aside} ago /> },
                      {
                        id: 'about',
                        name: 'What',
                        cell: (letter) => (
                          <button type="button" className={styles.what} onClick={() => open(letter.id)}>
                            {letter.kind === 'request' ? `request of ${letter.about}` : `document of ${letter.about}`}
                          </button>
                        ),
                      },
                      {
                        id: 'reason',
                        name: 'Reason',
                        fills: true,
                        cell: (letter) => <span className={styles.reason}>{letter.reason}</span>,
                      },
                      {
                        id: 'bytes',
                        name: 'Size',
                        right: true,
                        secondary: 'first',
                        cell: (letter) => bytesText(letter.bytes),
                      },
                    ]}
                  />
                  {list.hasNextPage && (
                    <p className={styles.more}>
                      <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
                        Show more
                      </Button>
                    </p>
                  )}
                  {list.error instanceof ApiError && (
                    <p role="alert" className={styles.wrong}>
                      {list.error.message}
                    </p>
                  )}
                </Panel>
              </>
            )}
          </Page>
          {selected && <DeadLetterPanel id={selected} onClose={() => open(undefined)} />}
        </div>
      )}
    </Answered>
  );
}

function Bounds({ found }: { found: DeadLetterList }) {
  if (found.made_room > 0)
    return (
      <>
        {countText(found.made_room, 'older request')} made room for newer ones and{' '}
        {found.made_room === 1 ? 'is' : 'are'} gone: requests may take {bytesText(found.limit_bytes)} here.
      </>
    );
  return (
    <>
      Acknowledged, and impossible to store. Requests take {bytesText(found.bytes)} of {bytesText(found.limit_bytes)};
      when that is full the oldest make room, and are counted.
    </>
  );
}
