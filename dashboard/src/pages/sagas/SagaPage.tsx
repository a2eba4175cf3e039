import { useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/api-error.js';
import { clause } from '../../api/filter-text.js';
import { useAnswer } from '../../api/use-answer.js';
import { durationText } from '../../time/duration-text.js';
import { msOfNano } from '../../time/instant-text.js';
import { useNow } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { CopyButton } from '../../ui/CopyButton.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { Page, Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { AttemptTable } from './AttemptTable.js';
import { SagaLogs } from './SagaLogs.js';
import styles from './SagaPage.module.css';
import { SagaTimeline } from './SagaTimeline.js';
import { StepStrip } from './StepStrip.js';
import { sagaLook, sagaSentence } from './saga-look.js';

/** One saga: what was done, what was undone, what should come next, and what nobody undid. */
export function SagaPage() {
  const { saga: id = '' } = useParams({ strict: false }) as { saga?: string };
  const known = useAnswer('/sagas/:saga_id', { saga_id: id }, { keep: false });
  const ended = known.data?.summary.ended !== null && known.data !== undefined;
  const answer = useAnswer('/sagas/:saga_id', { saga_id: id }, { keep: false, refresh: ended ? 30_000 : 2_000 });
  const now = useNow(ended ? false : 1_000);
  if (answer.error instanceof ApiError && answer.error.status === 404 && !answer.data) {
    return (
      <EmptyView
        title="This saga is not known"
        why="Its facts have not come yet, or they are older than what is kept. This page looks again."
      >
        <Door to="/sagas">All sagas</Door>
        <Door to="/traces" search={{ q: clause('saga_id', id), from: 'now-24h' }}>
          Traces with this id
        </Door>
      </EmptyView>
    );
  }
  return (
    <Answered answer={answer} what="The saga" skeleton={12}>
      {(detail) => {
        const { summary } = detail;
        const look = sagaLook(summary.stuck ? 'stuck' : summary.state);
        const from = String(Math.floor(msOfNano(summary.started) - 5_000));
        const to = String(Math.ceil(msOfNano(summary.ended ?? summary.updated) + 60_000));
        return (
          <Page
            title={
              <span className={styles.title}>
                <ToneMark tone={look.tone} shape={look.shape}>
                  {look.word}
                </ToneMark>
                {sagaSentence(detail)}
              </span>
            }
            lead={
              <span className={styles.lead}>
                <b>{summary.saga_name}</b>
                <span>
                  {summary.saga_id} <CopyButton text={summary.saga_id} label="Copy the saga id" />
                </span>
                <StepStrip steps={summary.steps} />
                <span>
                  began <When nano={summary.started} />
                </span>
                <span>took {durationText(summary.duration_ms)}</span>
                <span>{summary.type}</span>
                {summary.synthetic && <span>synthetic</span>}
                {detail.truncated && <span>More was said of it than is read here: only the newest is shown.</span>}
                {summary.correlation_id && (
                  <span>
                    correlation{' '}
                    <Door to="/traces" search={{ q: clause('correlation_id', summary.correlation_id), from, to }}>
                      {summary.correlation_id}
                    </Door>
                  </span>
                )}
              </span>
            }
            actions={
              <>
                <Door to="/traces" search={{ q: clause('saga_id', summary.saga_id), from, to }}>
                  Its traces
                </Door>
                <Door to="/logs" search={{ q: clause('saga_id', summary.saga_id), from, to }}>
                  Its logs
                </Door>
              </>
            }
          >
            {summary.not_undone.length > 0 && (
              <div className={styles.act} role="alert">
                <strong>Somebody has to act</strong>
                <span>
                  Done and never undone: {summary.not_undone.join(', ')}. The key to look it up by:{' '}
                  <code>{summary.correlation_id || summary.saga_id}</code>
                </span>
              </div>
            )}
            {summary.next_step && (
              <div className={styles.next} data-late={summary.stuck || undefined}>
                <strong>Expected next: {summary.next_step}</strong>
                {summary.deadline && (
                  <span>
                    by <When nano={summary.deadline} />, <When nano={summary.deadline} ago />
                  </span>
                )}
              </div>
            )}
            <Panel title="In time" note="a bar opens its trace">
              <SagaTimeline detail={detail} nowMs={ended ? msOfNano(summary.updated) : now} />
            </Panel>
            <div className={styles.columns}>
              <Panel title="Attempts" flush>
                <AttemptTable attempts={detail.attempts} />
              </Panel>
              <Panel title="Belongs to it">
                <h3 className={styles.sub}>Traces ({detail.trace_ids.length})</h3>
                {detail.trace_ids.slice(0, 20).map((traceId) => (
                  <Door key={traceId} to={`/traces/${traceId}`} className={styles.trace}>
                    {traceId}
                  </Door>
                ))}
                {detail.definition && (
                  <>
                    <h3 className={styles.sub}>Definition</h3>
                    <code>{detail.definition.file}</code>
                  </>
                )}
              </Panel>
            </div>
            <SagaLogs sagaId={summary.saga_id} from={from} to={to} />
          </Page>
        );
      }}
    </Answered>
  );
}
