import type { Alert, Notification } from '@orrery/collector/api';
import { durationText } from '../check/duration.js';
import type { Message } from '../notify/message.js';
import { millis } from './alert-record.js';

/** Puts an alert into words for whoever is woken: what, since when, how many are affected, where to look. */
export function composeMessage(alert: Alert, notification: Notification, dashboard: string, now: number): Message {
  const base = dashboard.replace(/\/+$/, '');
  const absolute = (href: string) => (/^https?:/.test(href) ? href : `${base}${href}`);
  const began = millis(alert.pending_since ?? alert.fired_at ?? alert.since);
  const links = alert.evidence.map(({ title, href }) => ({ text: title, href: absolute(href) }));
  const href = absolute(`/alerts/${encodeURIComponent(alert.id)}`);
  const subject = `${heading[notification.kind]}: ${alert.title}`;
  const since = new Date(began).toISOString();
  const optional = (label: string, value: string | null) => (value ? [`${label}: ${value}`] : []);
  const text = [
    subject,
    '',
    `What: ${alert.sentence}`,
    sinceLine(alert, notification, began, now),
    ...optional('Affected', alert.affected),
    ...optional('Owner', alert.owner),
    ...optional('Runbook', alert.runbook),
    ...optional('Acknowledged by', alert.acknowledged_by),
    '',
    'Where to look:',
    ...links.map((link) => `- ${link.text}: ${link.href}`),
    `- This alert: ${href}`,
  ].join('\n');
  return {
    kind: notification.kind,
    episodeKey: `orrery:${alert.id}:${episodeOf(notification)}`,
    idempotencyKey: `orrery:${alert.id}:${notification.id}`,
    check: alert.check,
    severity: alert.severity,
    subject,
    text,
    sentence: alert.sentence,
    affected: alert.affected,
    since,
    owner: alert.owner,
    runbook: alert.runbook,
    acknowledgedBy: alert.acknowledged_by ?? '',
    href,
    links,
  };
}

const heading: Record<Notification['kind'], string> = {
  firing: 'Failing',
  no_data: 'No answer',
  resolved: 'Over',
  reminder: 'Still failing',
  acknowledged: 'Acknowledged',
};

function sinceLine(alert: Alert, notification: Notification, began: number, now: number): string {
  const start = new Date(began).toISOString();
  if (notification.kind !== 'resolved') return `Since: ${start}, ${durationText(Math.max(0, now - began))} ago`;
  const end = alert.resolved_at === null ? now : millis(alert.resolved_at);
  return `From ${start} to ${new Date(end).toISOString()}, ${durationText(Math.max(0, end - began))}`;
}

/** A trail entry is named `<episode>:<kind>:<receiver>`; its own episode counts, not the one the alert is in by now. */
function episodeOf(notification: Notification): string {
  return notification.id.split(':')[0] ?? '';
}
