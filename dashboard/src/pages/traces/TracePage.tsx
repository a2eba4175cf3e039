import { useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/api-error.js';
import { useAnswer } from '../../api/use-answer.js';
import { msOfNano } from '../../time/instant-text.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { TraceView } from './TraceView.js';
import { traceLines } from './trace-lines.js';

/** One trace, found by its id alone. While it may still grow it is asked for again. */
export function TracePage() {
  const { trace: id = '' } = useParams({ strict: false }) as { trace?: string };
  const known = useAnswer('/traces/:trace_id', { trace_id: id.toLowerCase() }, { keep: false });
  const summary = known.data?.summary;
  const young = summary !== undefined && Date.now() - msOfNano(summary.start) - summary.duration_ms < 30_000;
  const missing = known.error instanceof ApiError && known.error.status === 404;
  const arriving = young || summary?.complete === false;
  const answer = useAnswer(
    '/traces/:trace_id',
    { trace_id: id.toLowerCase() },
    { keep: false, refresh: missing || (arriving && (summary?.spans ?? 0) < 5_000) ? 3_000 : false },
  );
  const logs = useAnswer(
    '/traces/:trace_id/logs',
    { trace_id: id.toLowerCase() },
    { keep: false, refresh: young ? 3_000 : false },
  );
  if (missing && !answer.data) {
    return (
      <EmptyView
        title="This trace is not known"
        why="Its spans have not come yet, or they are older than what is kept. This page looks again every 3 seconds."
      >
        <Door to="/traces">All traces</Door>
        <Door to="/logs" search={{ q: `trace_id:"${id}"` }}>
          Log lines with this id
        </Door>
      </EmptyView>
    );
  }
  return (
    <Answered answer={answer} what="The trace" skeleton={14}>
      {(trace) => <TraceView trace={trace} lines={traceLines(logs)} arriving={arriving} />}
    </Answered>
  );
}
