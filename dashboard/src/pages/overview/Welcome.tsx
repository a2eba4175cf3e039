import type { SystemStatus } from '@orrery/collector/api';
import { Command } from '../../ui/CopyButton.js';
import { Door } from '../../ui/Door.js';
import { figureText } from '../../ui/figure-text.js';
import { Page, Panel } from '../../ui/Page.js';
import { ServiceName } from '../../ui/ServiceName.js';
import styles from './Welcome.module.css';

/** The first minute: waits for the first span, and says how to send one. */
export function Welcome({ status }: { status: SystemStatus }) {
  const endpoint = status.endpoints.otlp_http;
  const seen = [
    { name: 'Spans', count: status.storage.spans, why: 'a request to a wrapped service makes them' },
    { name: 'Log lines', count: status.storage.logs, why: 'pino, winston, bunyan and console are read by the agent' },
    { name: 'Metric points', count: status.storage.metric_points, why: 'they come every few seconds by themselves' },
  ];
  const any = seen.some((signal) => signal.count > 0);
  return (
    <Page
      title={any ? 'It arrives.' : 'Waiting for the first span'}
      lead={any ? 'This is what was seen so far.' : `The collector listens on ${endpoint}. Nothing has come yet.`}
      actions={any ? <Door to="/">Go to the overview</Door> : null}
    >
      <div className={styles.lights} role="status" aria-live="polite">
        {seen.map((signal) => (
          <div key={signal.name} className={styles.light} data-on={signal.count > 0 || undefined}>
            <i aria-hidden="true" />
            <strong>{signal.name}</strong>
            <span>{signal.count > 0 ? `${figureText(signal.count)} so far` : `none yet: ${signal.why}`}</span>
          </div>
        ))}
      </div>
      {status.senders.length > 0 && (
        <Panel title="Who sends">
          <div className={styles.senders}>
            {status.senders.map((sender) => (
              <ServiceName key={sender.service} name={sender.service} />
            ))}
          </div>
        </Panel>
      )}
      <div className={styles.ways}>
        <Panel title="Wrap a Node service" note="no code changes">
          <p className={styles.text}>
            Start your service as before, with one flag. Requests, log lines and metrics follow.
          </p>
          <Command
            text={`OTEL_SERVICE_NAME=my-service \\\nOTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} \\\nnode --require ${status.endpoints.agent} app.js`}
          />
        </Panel>
        <Panel title="Point an OpenTelemetry exporter here" note="any language">
          <p className={styles.text}>Whatever sends OTLP over HTTP can send here: protobuf or JSON, gzip or not.</p>
          <Command
            text={`export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nexport OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`}
          />
        </Panel>
      </div>
      <Panel title="Or try it with one span">
        <Command text={oneSpan(endpoint)} />
      </Panel>
    </Page>
  );
}

/** A whole request by hand; the ids and times are fresh in every shell. */
function oneSpan(endpoint: string): string {
  return [
    `curl -s ${endpoint}/v1/traces -H 'content-type: application/json' -d '{"resourceSpans":[{"resource":{"attributes":[`,
    `{"key":"service.name","value":{"stringValue":"hello"}}]},"scopeSpans":[{"spans":[{"name":"GET /hello","kind":2,`,
    `"traceId":"'$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')'","spanId":"'$(od -An -N8 -tx1 /dev/urandom | tr -d ' \\n')'",`,
    `"startTimeUnixNano":"'$(date +%s)000000000'","endTimeUnixNano":"'$(date +%s)250000000'"}]}]}]}'`,
  ].join('\n');
}
