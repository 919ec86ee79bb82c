import { randomUUID } from 'node:crypto';
import type { AlertHistoryEntry } from '@scorpiox/shared/contract';
import type { AlertEntry } from '@scorpiox/shared/database';
import { ALERT_SUBJECTS_NAMED } from '../limits.ts';
import type { Happening } from './apply.ts';
import type { Delivery, Notice, Rule } from './stored.ts';

/** Where messages of a rule go. */
export interface Recipient {
  readonly channel: 'mail' | 'webhook';
  readonly to: string;
}

/** Whom a rule tells. `mailTo`: addresses that mails of all rules go to. */
export function recipientsOf(
  { mail, webhook }: Pick<Rule, 'mail' | 'webhook'>,
  mailTo: readonly string[],
): Recipient[] {
  const mails = mail ? mailTo.map((to): Recipient => ({ channel: 'mail', to })) : [];
  return webhook === null ? mails : [...mails, { channel: 'webhook', to: webhook }];
}

const iso = (ms: number): string => new Date(ms).toISOString();

interface About {
  readonly rule: Pick<Rule, 'id' | 'name'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Base address of the dashboard. */
  readonly publicUrl: string;
}

/** What a rule's happenings of one look are told as: one message for all of them. Undefined when nobody need hear. */
export function noticeOf(happenings: readonly Happening[], about: About): Omit<Notice, 'id'> | undefined {
  const told = happenings.flatMap(({ what, subject, since, message }) =>
    what === 'ended' ? [] : [{ subject, status: statusOf(what), since: iso(since), message }],
  );
  if (told.length === 0) return undefined;
  const alerts = told.slice(0, ALERT_SUBJECTS_NAMED);
  return { ...headOf(about), kind: 'alert', alerts, more: told.length - alerts.length };
}

/** What the test button sends. */
export const testNotice = (about: About): Omit<Notice, 'id'> => ({
  ...headOf(about),
  kind: 'test',
  alerts: [],
  more: 0,
});

function headOf({ rule: { id, name }, now, publicUrl }: About) {
  return {
    version: 1 as const,
    rule: { id, name },
    at: iso(now),
    dashboard: `${publicUrl.replace(/\/+$/, '')}/alerts`,
  };
}

const statusOf = (what: 'fired' | 'resolved'): 'firing' | 'resolved' => (what === 'fired' ? 'firing' : 'resolved');

/** The notice for each recipient, due at once. */
export function deliveriesOf(notice: Omit<Notice, 'id'>, recipients: readonly Recipient[], now: number): Delivery[] {
  return recipients.map((recipient) => {
    const id = randomUUID();
    const message = { ...recipient, notice: { ...notice, id }, status: 'waiting' as const, attempts: 0, problem: null };
    return { id, at: now, dueAt: now, message };
  });
}

/** What happened, as it is kept. */
export function historyOf(
  rule: Pick<Rule, 'id' | 'name'>,
  happenings: readonly Happening[],
  now: number,
): AlertEntry[] {
  return happenings.map(({ subject, what, message }) => {
    const id = randomUUID();
    const entry: AlertHistoryEntry = { id, at: iso(now), ruleId: rule.id, rule: rule.name, subject, what, message };
    return { id, at: now, body: JSON.stringify(entry) };
  });
}

/** A line that says it all: a mail's subject, a message's title. */
export function titleOf({ kind, rule, alerts, more }: Notice): string {
  if (kind === 'test') return `Test: ${rule.name}`;
  const firing = alerts.filter(({ status }) => status === 'firing').length + more;
  const word = firing === 0 ? 'Resolved' : firing < alerts.length + more ? 'Firing and resolved' : 'Firing';
  const [first] = alerts;
  const others = alerts.length + more - 1;
  return `${word}: ${rule.name} (${first?.subject ?? ''}${others > 0 ? ` and ${others} more` : ''})`;
}
