import type { Check } from '@orrery/collector/api';
import { useAnswer } from '../../api/use-answer.js';
import { DataTable } from '../../table/DataTable.js';
import { msOfNano } from '../../time/instant-text.js';
import { useDoor } from '../../time/use-address.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { countText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import styles from './ChecksPage.module.css';
import { HistoryBar } from './HistoryBar.js';
import { figureOfCheck, verdictLook } from './verdict-look.js';

const order = ['fail', 'cannot_run', 'no_data', 'pass'];
const kinds: Record<Check['definition']['kind'], string> = {
  http: 'HTTP',
  browser: 'Browser',
  expectation: 'Expectation',
};

/** Would a customer succeed? */
export function ChecksPage() {
  const answer = useAnswer('/checks', {}, { refresh: 5_000 });
  const door = useDoor();
  const checks = [...(answer.data?.checks ?? [])].sort(
    (a, b) =>
      order.indexOf(a.verdict ?? 'pass') - order.indexOf(b.verdict ?? 'pass') ||
      a.definition.name.localeCompare(b.definition.name),
  );
  const failing = checks.filter((check) => check.verdict === 'fail').length;
  const lost = checks.filter((check) => check.verdict === 'cannot_run' || check.verdict === 'no_data').length;
  const faulty = checks.filter((check) => check.definition.faults.length > 0).length;
  const seen = answer.data?.runner_last_seen;
  const silent = seen ? Date.now() - msOfNano(seen) > 60_000 : answer.data !== undefined && checks.length > 0;
  const title = !answer.data
    ? 'Checks'
    : failing > 0
      ? `No: ${countText(failing, 'of the checks does', 'of the checks do')} not hold`
      : checks.length === 0
        ? 'No check is defined'
        : lost > 0
          ? 'Yes, as far as can be told'
          : 'Yes: every check holds';
  return (
    <Page
      title={title}
      lead={
        answer.data && (
          <>
            {countText(checks.length, 'check')}
            {lost > 0 && ` · ${lost} cannot be judged`}
            {faulty > 0 && ` · ${countText(faulty, 'file has', 'files have')} faults`}
            {seen && (
              <>
                {' '}
                · the runner was last seen <When nano={seen} ago />
              </>
            )}
          </>
        )
      }
    >
      {silent && (
        <p className={styles.silent} role="alert">
          The runner is silent: these verdicts are old. Start it with “npm start”, or look at its log.
        </p>
      )}
      <Panel flush>
        <Answered answer={answer} what="The checks">
          {() =>
            checks.length === 0 ? (
              <EmptyView
                title="No check has reported"
                why="Checks and expectations are files; the runner reads them and reports each here, with its verdicts."
              >
                <code>orrery-synthetic run checks/</code>
              </EmptyView>
            ) : (
              <DataTable
                label="Checks and expectations"
                rows={checks}
                rowKey={(row) => row.definition.name}
                href={(row) => door(`/checks/${encodeURIComponent(row.definition.name)}`)}
                columns={[
                  {
                    id: 'verdict',
                    name: 'Verdict',
                    width: 132,
                    cell: (row) => {
                      const look = verdictLook(row.verdict);
                      return (
                        <ToneMark tone={look.tone} shape={look.shape}>
                          {look.word}
                        </ToneMark>
                      );
                    },
                  },
                  {
                    id: 'title',
                    name: 'What is expected',
                    cell: (row) => (
                      <Door to={`/checks/${encodeURIComponent(row.definition.name)}`} className={styles.title}>
                        {row.definition.title || row.definition.name}
                      </Door>
                    ),
                  },
                  {
                    id: 'history',
                    name: 'Last runs',
                    width: 260,
                    secondary: true,
                    cell: (row) => <HistoryBar check={row} width={240} height={18} />,
                  },
                  {
                    id: 'sentence',
                    name: 'Found',
                    secondary: true,
                    cell: (row) => (
                      <span className={styles.faint} title={row.last_run?.sentence}>
                        {row.definition.faults[0]?.message ??
                          (row.verdict === 'pass' || !row.last_run ? figureOfCheck(row) : row.last_run.sentence)}
                      </span>
                    ),
                  },
                  {
                    id: 'kind',
                    name: 'Kind',
                    secondary: true,
                    cell: (row) => <span className={styles.faint}>{kinds[row.definition.kind]}</span>,
                  },
                  {
                    id: 'since',
                    name: 'Since',
                    right: true,
                    cell: (row) => (row.since ? <When nano={row.since} ago /> : ''),
                  },
                ]}
              />
            )
          }
        </Answered>
      </Panel>
    </Page>
  );
}
