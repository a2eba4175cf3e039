import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAnswer } from '../../api/use-answer.js';
import { useList } from '../../api/use-list.js';
import { useChangeSearch, useDoor, useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Button } from '../../ui/Button.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { countText, figureText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { Funnel } from './Funnel.js';
import styles from './SagasPage.module.css';
import { SagaTable } from './SagaTable.js';
import { sagaLook, sagaStates } from './saga-look.js';

/** Which business transactions are stuck or half undone? */
export function SagasPage() {
  const time = usePageTime();
  const router = useRouter();
  const door = useDoor();
  const change = useChangeSearch();
  const [synthetic] = useParameter('synthetic', 'exclude');
  const [name, setName] = useParameter('name');
  const [state, setState] = useParameter('state');
  const [search, setSearch] = useParameter('search');
  const [sort] = useParameter('sort', 'updated');
  const [order] = useParameter('order', 'desc');
  const list = useList(
    '/sagas',
    { ...time.parameters, synthetic, name, state, search, sort, order, limit: 100 },
    time.refresh,
  );
  const first = list.data?.pages[0];
  const sagas = useMemo(() => list.data?.pages.flatMap((page) => page.sagas) ?? [], [list.data]);
  const names = first?.names ?? [];
  const funnelName = name || (names.length === 1 ? (names[0] ?? '') : '');
  const funnel = useAnswer(
    '/sagas/funnel',
    { ...time.parameters, synthetic, name: funnelName },
    { refresh: time.refresh, enabled: funnelName !== '' },
  );
  const counts = first?.counts ?? {};
  const stuck = counts.stuck ?? 0;
  const half = counts.partially_compensated ?? 0;
  const title = !first
    ? 'Sagas'
    : stuck + half === 0
      ? 'No saga is stuck or half undone'
      : [
          stuck ? `${countText(stuck, 'saga is', 'sagas are')} stuck` : '',
          half ? `${countText(half, 'is', 'are')} half undone` : '',
        ]
          .filter(Boolean)
          .join(', ');
  return (
    <Page
      title={title}
      lead={
        first &&
        `${figureText(sum(counts))} in this range${first.sampled ? ': those that changed last, there is more than is read' : ''}`
      }
      actions={<FilterInput label="Saga, correlation id or business key" value={search} onChange={setSearch} />}
    >
      <div className={styles.filters} role="group" aria-label="States">
        {sagaStates
          .filter((candidate) => (counts[candidate] ?? 0) > 0 || candidate === state)
          .map((candidate) => {
            const look = sagaLook(candidate);
            return (
              <button
                key={candidate}
                type="button"
                className={styles.count}
                aria-pressed={state === candidate}
                onClick={() => setState(state === candidate ? undefined : candidate)}
              >
                <strong>{figureText(counts[candidate] ?? 0)}</strong>
                <ToneMark tone={look.tone} shape={look.shape} quiet>
                  {look.word}
                </ToneMark>
              </button>
            );
          })}
      </div>
      {names.length > 1 && (
        <div className={styles.names} role="group" aria-label="Kinds of sagas">
          <Button active={!name} onClick={() => setName(undefined)}>
            All kinds
          </Button>
          {names.map((candidate) => (
            <Button key={candidate} active={name === candidate} onClick={() => setName(candidate)}>
              {candidate}
            </Button>
          ))}
        </div>
      )}
      {funnelName && (
        <Panel
          title={`Where ${funnelName} falls out`}
          note={
            funnel.data
              ? `${figureText(funnel.data.total)} begun, ${figureText(funnel.data.completed)} completed, ${figureText(funnel.data.compensated)} undone`
              : ''
          }
        >
          <Answered answer={funnel} what="The funnel" skeleton={3}>
            {(data) => <Funnel funnel={data} />}
          </Answered>
        </Panel>
      )}
      <Panel flush>
        <Answered answer={list} what="The sagas" skeleton={10}>
          {() =>
            sagas.length === 0 ? (
              <EmptyView
                title={state || name || search ? 'No saga matches' : 'No saga in this range'}
                why={
                  state || name || search
                    ? 'The filter is too narrow.'
                    : 'A saga is drawn from spans and events that carry saga.id, or from a sagas/*.saga.yaml that says which events make one.'
                }
              >
                {(state || name || search) && <Door to="/sagas">Drop the filter</Door>}
                <Door to="/sagas" search={{ from: 'now-24h', to: undefined }}>
                  Look at the last 24 hours
                </Door>
              </EmptyView>
            ) : (
              <SagaTable
                sagas={sagas}
                hrefOf={(saga) => door(`/sagas/${encodeURIComponent(saga.saga_id)}`)}
                onOpen={(saga) => router.history.push(door(`/sagas/${encodeURIComponent(saga.saga_id)}`))}
                sort={{
                  by: sort,
                  descending: order === 'desc',
                  onSort: (by) =>
                    change({
                      sort: by === 'updated' ? undefined : by,
                      order: sort === by && order === 'desc' ? 'asc' : undefined,
                    }),
                }}
              />
            )
          }
        </Answered>
        {list.hasNextPage && (
          <p className={styles.more}>
            <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
              Show more
            </Button>
          </p>
        )}
      </Panel>
    </Page>
  );
}

/** Stuck is a flag on a state, not a state of its own. */
function sum(counts: Record<string, number>): number {
  return Object.entries(counts).reduce((all, [state, count]) => (state === 'stuck' ? all : all + count), 0);
}
