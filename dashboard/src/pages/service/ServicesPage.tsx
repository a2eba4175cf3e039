import { useAnswer } from '../../api/use-answer.js';
import { useParameter } from '../../time/use-address.js';
import { usePageTime } from '../../time/use-time.js';
import { Answered } from '../../ui/Answered.js';
import { Door } from '../../ui/Door.js';
import { EmptyView } from '../../ui/EmptyView.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { countText, figureText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ServiceTable } from './ServiceTable.js';

/** How is each service doing? */
export function ServicesPage() {
  const time = usePageTime();
  const [synthetic] = useParameter('synthetic', 'exclude');
  const [search, setSearch] = useParameter('name');
  const answer = useAnswer('/services', { ...time.parameters, synthetic }, { refresh: time.refresh });
  const all = answer.data?.services ?? [];
  const shown = all.filter((service) => service.service.toLowerCase().includes(search.toLowerCase()));
  const troubled = all.filter((service) => (service.error_ratio ?? 0) >= 0.01).length;
  return (
    <Page
      title={
        answer.data
          ? troubled > 0
            ? `${troubled} of ${countText(all.length, 'service')} answer more than 1 % of requests with an error`
            : `${countText(all.length, 'service')}, none with more than 1 % errors`
          : 'Services'
      }
      lead={
        answer.data?.truncated &&
        `There are ${figureText(answer.data.total ?? all.length)}: only the ${figureText(all.length)} that are worst are listed and searched. A name that carries an id makes a service of each.`
      }
      actions={<FilterInput label="Part of the name" value={search} onChange={setSearch} />}
    >
      <Panel flush>
        <Answered answer={answer} what="The services" skeleton={10}>
          {() =>
            shown.length > 0 ? (
              <ServiceTable services={shown} />
            ) : (
              <EmptyView
                title={search ? 'No service has such a name' : 'No service answered anything in this range'}
                why={search ? 'The filter is too narrow.' : 'Services appear with their first server span.'}
              >
                {search ? <Door to="/services">Show all</Door> : <Door to="/welcome">How to send something</Door>}
              </EmptyView>
            )
          }
        </Answered>
      </Panel>
    </Page>
  );
}
