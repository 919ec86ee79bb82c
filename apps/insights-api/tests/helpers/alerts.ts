import type { Control } from '@scorpiox/shared/database';
import { AlertBook } from '../../src/alerts/book.ts';
import type { Send } from '../../src/alerts/courier.ts';
import { DELIVERED } from '../../src/alerts/outcome.ts';
import type { HttpDeps } from '../../src/http/deps.ts';

/** Alerts of an API that evaluates none by itself; mails would go to root. */
export function testAlerts(
  control: Control,
  { send = async () => DELIVERED, nudge = () => {} }: { readonly send?: Send; readonly nudge?: () => void } = {},
): Pick<HttpDeps, 'alerts' | 'alertBook' | 'alertMail'> {
  const mailTo = () => ['root'];
  const publicUrl = 'http://insights.test';
  return {
    alerts: { state: { evaluates: false }, nudge },
    alertBook: new AlertBook({ tables: control.alerts, control, mailTo, send, publicUrl, now: Date.now }),
    alertMail: { to: mailTo, problem: () => undefined },
  };
}
