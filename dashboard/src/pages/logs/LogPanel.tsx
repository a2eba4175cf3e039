import type { LogRow } from '@orrery/collector/api';
import { clause } from '../../api/filter-text.js';
import { instantTitle, msOfNano } from '../../time/instant-text.js';
import { AttributeTable } from '../../ui/AttributeTable.js';
import { CopyButton } from '../../ui/CopyButton.js';
import { Door } from '../../ui/Door.js';
import { ServiceName } from '../../ui/ServiceName.js';
import { SidePanel, SideSection } from '../../ui/SidePanel.js';
import { When } from '../../ui/When.js';
import styles from './LogPanel.module.css';
import { SeverityMark } from './SeverityMark.js';

/** One line with everything it carries, and the ways on from it. */
export function LogPanel({
  line,
  onClose,
  onFilter,
}: {
  line: LogRow;
  onClose: () => void;
  onFilter: (field: string, value: string | number | boolean, wanted: boolean) => void;
}) {
  const ms = msOfNano(line.time);
  return (
    <SidePanel
      title={<ServiceName name={line.service} />}
      subtitle={
        <span className={styles.when} title={instantTitle(ms)}>
          <SeverityMark severity={line.severity} /> <When nano={line.time} millis />
        </span>
      }
      onClose={onClose}
    >
      <SideSection title="Line" actions={<CopyButton text={line.body} label="Copy the line" />}>
        <pre className={styles.body}>{pretty(line.body)}</pre>
      </SideSection>
      <p className={styles.doors}>
        {line.trace_id && (
          <Door to={`/traces/${line.trace_id}`} search={{ span: line.span_id || undefined }}>
            Its trace
          </Door>
        )}
        {line.correlation_id && (
          <Door to="/logs" search={{ q: clause('correlation_id', line.correlation_id) }}>
            Same correlation id
          </Door>
        )}
        <Door
          to="/logs"
          search={{
            q: clause('service', line.service),
            from: String(Math.round(ms - 30_000)),
            to: String(Math.round(ms + 30_000)),
            line: line.id,
          }}
        >
          Before and after
        </Door>
      </p>
      <SideSection title="Attributes">
        <AttributeTable attributes={line.attributes} onFilter={onFilter} />
      </SideSection>
      <SideSection title="Resource">
        <AttributeTable attributes={line.resource} onFilter={onFilter} />
      </SideSection>
      <SideSection title="Ids">
        <AttributeTable
          attributes={Object.fromEntries(
            Object.entries({
              trace_id: line.trace_id,
              span_id: line.span_id,
              correlation_id: line.correlation_id,
              event_name: line.event_name,
            }).filter(([, value]) => value),
          )}
          onFilter={onFilter}
        />
      </SideSection>
    </SidePanel>
  );
}

/** A structured body as indented JSON, anything else as it came. */
function pretty(body: string): string {
  if (!/^\s*[[{]/.test(body)) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
