import { type Accounts, AccountsUnavailable } from '@scorpiox/shared/accounts';
import type { LmtpPlace } from './lmtp.ts';

/** Whom mails of alerts go to, asked anew each time: accounts come and go. */
export interface AlertMail {
  readonly to: () => readonly string[];
  /** Why nobody gets any, as a sentence that says what to do. */
  readonly problem: () => string | undefined;
}

/** The configured recipients (`alerts.mail_to`), or else every account that is an admin and not disabled. */
export function alertMail(
  configured: readonly string[],
  lmtp: LmtpPlace | undefined,
  accounts: Pick<Accounts, 'list'>,
): AlertMail {
  const to = () => (configured.length > 0 ? configured : admins(accounts));
  return {
    to,
    problem() {
      if (lmtp === undefined) return 'Mail goes nowhere: alerts.lmtp_port is 0.';
      if (to().length > 0) return undefined;
      return 'Mail goes to nobody: give an account the role admin (scorpiox user add NAME --role admin), or set alerts.mail_to.';
    },
  };
}

function admins(accounts: Pick<Accounts, 'list'>): readonly string[] {
  try {
    return accounts.list().flatMap(({ name, role, disabled }) => (role === 'admin' && disabled !== true ? [name] : []));
  } catch (error) {
    // They cannot be asked now; what is told meanwhile goes to webhooks alone, and is on the page.
    if (error instanceof AccountsUnavailable) return [];
    throw error;
  }
}
