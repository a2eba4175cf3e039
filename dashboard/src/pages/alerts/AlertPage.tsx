import { useParams } from '@tanstack/react-router';
import { useAnswer } from '../../api/use-answer.js';
import { msOfNano } from '../../time/instant-text.js';
import { Answered } from '../../ui/Answered.js';
import { Door, OutsideDoor } from '../../ui/Door.js';
import { Page, Panel } from '../../ui/Page.js';
import { ToneMark } from '../../ui/Tone.js';
import { When } from '../../ui/When.js';
import { AlertActions } from './AlertActions.js';
import styles from './Alerts.module.css';
import { alertLook } from './alert-look.js';

/** One alert: what, since when, who is affected, where to look, and who was told. */
export function AlertPage() {
  const { alert: id = '' } = useParams({ strict: false }) as { alert?: string };
  const answer = useAnswer('/alerts/:id', { id }, { refresh: 5_000, keep: false });
  return (
    <Answered answer={answer} what="The alert">
      {({ alert, history }) => {
        const look = alertLook(alert.state);
        const around = {
          from: String(Math.floor(msOfNano(alert.pending_since ?? alert.fired_at ?? alert.since) - 300_000)),
          to: alert.resolved_at ? String(Math.ceil(msOfNano(alert.resolved_at) + 60_000)) : undefined,
        };
        return (
          <Page
            title={alert.title}
            lead={
              <span className={styles.head}>
                <ToneMark tone={look.tone} shape={look.shape}>
                  {look.word}
                </ToneMark>
                <span>
                  since <When nano={alert.since} />, <When nano={alert.since} ago />
                </span>
                <span>{alert.severity}</span>
                {alert.affected && <span>{alert.affected} affected</span>}
                {alert.owner && <span>owner: {alert.owner}</span>}
              </span>
            }
            actions={
              <>
                <Door to={`/checks/${encodeURIComponent(alert.check)}`}>Its check</Door>
                <Door to="/" search={around}>
                  The system at that time
                </Door>
              </>
            }
          >
            <div className={styles.columns}>
              <div className={styles.stack}>
                <Panel>
                  <p style={{ fontSize: 14, lineHeight: '22px', maxWidth: '80ch' }}>{alert.sentence}</p>
                </Panel>
                <Panel title="Evidence">
                  {alert.evidence.length === 0 && !alert.runbook ? (
                    <p className={styles.faint}>None was attached.</p>
                  ) : (
                    <ul className={styles.evidence}>
                      {alert.evidence.map((item) => (
                        <li key={`${item.kind} ${item.href}`}>
                          <span className={styles.kind}>{item.kind}</span>
                          <OutsideDoor href={item.href}>{item.title}</OutsideDoor>
                        </li>
                      ))}
                      {alert.runbook && !alert.evidence.some((item) => item.href === alert.runbook) && (
                        <li>
                          <span className={styles.kind}>runbook</span>
                          <OutsideDoor href={alert.runbook}>{alert.runbook}</OutsideDoor>
                        </li>
                      )}
                    </ul>
                  )}
                </Panel>
                <Panel title="Who was told">
                  {alert.notifications.length === 0 ? (
                    <p className={styles.faint}>Nobody yet.</p>
                  ) : (
                    <ol className={styles.trail}>
                      {[...alert.notifications].reverse().map((note) => (
                        <li key={note.id}>
                          <When nano={note.at} />
                          <ToneMark
                            tone={note.outcome === 'sent' ? 'good' : note.outcome === 'failed' ? 'bad' : 'calm'}
                            shape={
                              note.outcome === 'sent'
                                ? 'check'
                                : note.outcome === 'failed'
                                  ? 'cross'
                                  : note.outcome === 'silenced'
                                    ? 'ban'
                                    : 'wait'
                            }
                            quiet
                          >
                            {note.outcome}
                          </ToneMark>
                          <span>
                            {note.receiver}: {note.kind.replace('_', ' ')}
                          </span>
                          {note.attempts > 1 && <span className={styles.faint}>{note.attempts} attempts</span>}
                          {note.error && <span className={styles.wrong}>{note.error}</span>}
                        </li>
                      ))}
                    </ol>
                  )}
                </Panel>
                <Panel title="History">
                  <ol className={styles.trail}>
                    {[...history].reverse().map((event) => {
                      const own = alertLook(event.state);
                      return (
                        <li key={`${event.time} ${event.state}`}>
                          <When nano={event.time} />
                          <ToneMark tone={own.tone} shape={own.shape} quiet>
                            {own.word}
                          </ToneMark>
                          <span>{event.sentence}</span>
                        </li>
                      );
                    })}
                  </ol>
                </Panel>
              </div>
              <Panel title="Act">
                <AlertActions alert={alert} />
              </Panel>
            </div>
          </Page>
        );
      }}
    </Answered>
  );
}
