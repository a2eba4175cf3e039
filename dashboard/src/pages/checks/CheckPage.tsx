import { useParams } from '@tanstack/react-router';
import { useAnswer } from '../../api/use-answer.js';
import { DataTable } from '../../table/DataTable.js';
import { durationText } from '../../time/duration-text.js';
import { Answered } from '../../ui/Answered.js';
import { Door, OutsideDoor } from '../../ui/Door.js';
import { unitText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './ChecksPage.module.css';
import { FigureChart } from './FigureChart.js';
import { HistoryBar } from './HistoryBar.js';
import { RunDetail } from './RunDetail.js';
import { figureOfCheck, verdictLook } from './verdict-look.js';

/** One check or expectation: its verdict in a sentence, its runs, and the last failure with its evidence. */
export function CheckPage() {
  const { check: name = '' } = useParams({ strict: false }) as { check?: string };
  const answer = useAnswer('/checks/:name', { name }, { refresh: 5_000, keep: false });
  return (
    <Answered answer={answer} what="The check">
      {({ check, runs }) => {
        const { definition } = check;
        const look = verdictLook(check.verdict);
        const failure = runs.find((run) => run.verdict === 'fail' || run.verdict === 'cannot_run');
        const shown =
          check.verdict === 'pass' || check.verdict === null ? failure : (failure ?? check.last_run ?? undefined);
        return (
          <Page
            title={definition.title || definition.name}
            lead={
              <span className={styles.sentence}>
                <ToneMark tone={look.tone} shape={look.shape}>
                  {look.word}
                </ToneMark>
                {check.last_run?.sentence}
                {check.since && (
                  <span>
                    since <When nano={check.since} />
                  </span>
                )}
              </span>
            }
          >
            {definition.faults.length > 0 && (
              <Panel title="The file has faults; it does not run">
                <ul className={styles.faults}>
                  {definition.faults.map((fault) => (
                    <li key={`${fault.path} ${fault.message}`}>
                      <code>
                        {definition.file}
                        {fault.line !== undefined ? `:${fault.line}` : ''} {fault.path}
                      </code>{' '}
                      {fault.message}
                    </li>
                  ))}
                </ul>
              </Panel>
            )}
            <Panel title="Last runs" note={figureOfCheck(check)}>
              {definition.kind === 'expectation' && check.history.length > 1 ? (
                <FigureChart check={check} />
              ) : (
                <HistoryBar check={check} width={900} height={36} />
              )}
            </Panel>
            <div className={styles.columns}>
              <div style={{ display: 'grid', gap: 16 }}>
                {shown && (
                  <Panel
                    title={check.verdict === 'pass' ? 'The last failure' : 'What was found'}
                    note={<When nano={shown.started} />}
                  >
                    <RunDetail run={shown} />
                  </Panel>
                )}
                <Panel title="Runs" flush>
                  <DataTable
                    label="Runs"
                    rows={runs}
                    rowKey={(row) => row.run_id}
                    columns={[
                      { id: 'started', name: 'Began', cell: (row) => <When nano={row.started} /> },
                      {
                        id: 'verdict',
                        name: 'Verdict',
                        cell: (row) => {
                          const own = verdictLook(row.verdict);
                          return (
                            <ToneMark tone={own.tone} shape={own.shape} quiet>
                              {own.word}
                            </ToneMark>
                          );
                        },
                      },
                      {
                        id: 'figure',
                        name: definition.kind === 'expectation' ? 'Figure' : 'Took',
                        right: true,
                        cell: (row) =>
                          definition.kind === 'expectation'
                            ? unitText(row.figure, definition.bounds?.unit ?? '')
                            : durationText(row.duration_ms),
                      },
                      {
                        id: 'sentence',
                        name: 'Found',
                        secondary: true,
                        cell: (row) => <span title={row.sentence}>{row.sentence}</span>,
                      },
                      {
                        id: 'trace',
                        name: 'Trace',
                        cell: (row) =>
                          row.trace_id ? <Door to={`/traces/${row.trace_id}`}>{row.trace_id.slice(0, 8)}…</Door> : '',
                      },
                    ]}
                  />
                </Panel>
              </div>
              <Panel title="The check">
                <dl className={styles.facts}>
                  <dt>File</dt>
                  <dd>
                    <code>{definition.file}</code>
                  </dd>
                  <dt>Runs</dt>
                  <dd>{definition.schedule}</dd>
                  <dt>When it fails</dt>
                  <dd>
                    {definition.severity === 'page'
                      ? 'wakes somebody'
                      : definition.severity === 'ticket'
                        ? 'makes a ticket'
                        : 'is noted'}
                  </dd>
                  {definition.owner && (
                    <>
                      <dt>Owner</dt>
                      <dd>{definition.owner}</dd>
                    </>
                  )}
                  {definition.runbook && (
                    <>
                      <dt>Runbook</dt>
                      <dd>
                        <OutsideDoor href={definition.runbook}>{definition.runbook}</OutsideDoor>
                      </dd>
                    </>
                  )}
                  {definition.description && (
                    <>
                      <dt>Why</dt>
                      <dd>{definition.description}</dd>
                    </>
                  )}
                </dl>
                <Door to="/traces" search={{ q: `synthetic.check:"${definition.name}"`, synthetic: 'include' }}>
                  All its traces
                </Door>
              </Panel>
            </div>
          </Page>
        );
      }}
    </Answered>
  );
}
