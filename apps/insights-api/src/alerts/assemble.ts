import type { Accounts } from '@scorpiox/shared/accounts';
import type { Config } from '@scorpiox/shared/config';
import type { Control } from '@scorpiox/shared/database';
import { instanceName } from '../instance-name.ts';
import { Alerts, type AlertsDeps } from './alerts.ts';
import { AlertBook } from './book.ts';
import { makeSend } from './courier.ts';
import { figuresOf } from './findings.ts';
import { type AlertMail, alertMail } from './mail/recipients.ts';

/** Everything about alerts that the rest of the API is given. */
export interface AlertParts {
  readonly alerts: Alerts;
  readonly alertBook: AlertBook;
  readonly alertMail: AlertMail;
}

export interface AlertPartsDeps extends Pick<AlertsDeps, 'backlog' | 'now' | 'pause' | 'warn'> {
  readonly config: Pick<Config, 'alerts' | 'insights'>;
  readonly control: Pick<Control, 'alerts' | 'findApp'>;
  readonly store: Parameters<typeof figuresOf>[0];
  readonly accounts: Pick<Accounts, 'list'>;
}

/** Puts the parts together; nothing runs before `alerts.start()`. */
export function assembleAlerts({ config, control, store, accounts, ...deps }: AlertPartsDeps): AlertParts {
  const { mailTo, lmtpHost, lmtpPort, allowInternal } = config.alerts;
  const { publicUrl, port } = config.insights;
  const lmtp = lmtpPort === 0 ? undefined : { host: lmtpHost, port: lmtpPort };
  const mail = alertMail(mailTo, lmtp, accounts);
  const common = {
    tables: control.alerts,
    mailTo: mail.to,
    send: makeSend({ lmtp, allowInternal }),
    publicUrl,
    now: deps.now,
  };
  return {
    alerts: new Alerts({ ...common, ...deps, store: figuresOf(store), instance: instanceName(port) }),
    alertBook: new AlertBook({ ...common, control }),
    alertMail: mail,
  };
}
