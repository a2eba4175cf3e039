import { useAnswer } from '../../api/use-answer.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { Page, Panel } from '../../ui/Page.js';
import { When } from '../../ui/When.js';
import { ServiceTable } from '../service/ServiceTable.js';
import { Changes } from './Changes.js';
import { changesOf } from './changes.js';
import styles from './OverviewPage.module.css';
import { Tiles } from './Tiles.js';
import { verdictSentence } from './verdict-sentence.js';
import { Welcome } from './Welcome.js';

/** Is the business doing what we expect? */
export function OverviewPage() {
  const time = usePageTime();
  const [synthetic] = useParameter('synthetic', 'exclude');
  const status = useAnswer('/status', {}, { refresh: 5_000 });
  const services = useAnswer('/services', { ...time.parameters, synthetic }, { refresh: time.refresh });
  const checks = useAnswer('/checks', {}, { refresh: time.refresh });
  const breakers = useAnswer('/breakers', time.parameters, { refresh: time.refresh });
  const sagas = useAnswer('/sagas', { ...time.parameters, synthetic, limit: 1 }, { refresh: time.refresh });
  const alerts = useAnswer('/alerts', {}, { refresh: 10_000 });

  const storage = status.data?.storage;
  if (status.data && storage && storage.spans + storage.logs + storage.metric_points === 0) {
    return <Welcome status={status.data} />;
  }
  const verdict = verdictSentence(checks.data?.checks, breakers.data?.breakers, sagas.data?.counts);
  const waiting = checks.isPending && breakers.isPending && sagas.isPending;
  const failed = checks.isError && breakers.isError && sagas.isError && !checks.data;
  const changes = changesOf(
    breakers.data?.transitions ?? [],
    alerts.data?.alerts ?? [],
    services.data?.services ?? [],
    time.fromMs,
  );
  return (
    <Page
      title={
        <span className={styles.verdict} data-tone={verdict.tone}>
          {waiting ? 'Asking …' : failed ? 'The collector does not answer.' : verdict.sentence}
        </span>
      }
      lead={
        services.data && (
          <>
            {services.data.services.length} services · {time.live ? 'as of' : 'until'}{' '}
            <When ms={services.data.range.to_ms} />
          </>
        )
      }
    >
      {checks.data && checks.data.checks.length > 0 && <Tiles checks={checks.data.checks} />}
      <div className={styles.columns}>
        <Panel title="Services" note="worst first" flush actions={<Door to="/map">Map</Door>}>
          <Answered answer={services} what="The services" skeleton={8}>
            {(data) =>
              data.services.length > 0 ? (
                <ServiceTable services={data.services} compact />
              ) : (
                <EmptyView
                  title="No requests in this range"
                  why="Nothing was answered by any service between these two instants."
                >
                  <Door to="/" search={{ from: 'now-24h', to: undefined }}>
                    Look at the last 24 hours
                  </Door>
                </EmptyView>
              )
            }
          </Answered>
        </Panel>
        <Panel title="What changed" note="in this range">
          <Changes changes={changes} />
        </Panel>
      </div>
    </Page>
  );
}
