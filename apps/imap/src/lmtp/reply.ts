/** What the server answers (RFC 5321 §4.2), each with its enhanced status code (RFC 2034, RFC 3463). */
export interface Reply {
  readonly code: number;
  /** `2.1.5`; absent from the greeting, the answer to LHLO and 354, which have none (RFC 2034 §4). */
  readonly status?: string;
  /** A line each. ASCII, or UTF-8 where the client asked for SMTPUTF8. */
  readonly lines: readonly string[];
}

export const reply = (code: number, status: string, text: string): Reply => ({ code, status, lines: [text] });

/** As it goes over the wire. */
export function printReply({ code, status, lines }: Reply): string {
  const prefix = status === undefined ? '' : `${status} `;
  const last = lines.length - 1;
  return lines.map((line, at) => `${code}${at === last ? ' ' : '-'}${prefix}${line}\r\n`).join('');
}

export const REPLIES = {
  ok: reply(250, '2.0.0', 'Ok.'),
  sender: reply(250, '2.1.0', 'Sender ok.'),
  recipient: reply(250, '2.1.5', 'Recipient ok.'),
  /** RFC 5321 §3.5.3: VRFY tells nobody who exists. */
  noVerify: reply(252, '2.1.5', 'Send some mail, and you will see.'),
  help: reply(214, '2.0.0', 'This is LMTP: LHLO MAIL RCPT DATA RSET NOOP VRFY QUIT.'),
  bye: reply(221, '2.0.0', 'Bye.'),
  go: { code: 354, lines: ['Send the message; end it with <CRLF>.<CRLF>'] },
  stopping: reply(421, '4.3.2', 'The server is shutting down; try again later.'),
  kicked: reply(421, '4.3.2', 'The operator ended this connection; try again later.'),
  idle: reply(421, '4.4.2', 'Idle for too long.'),
  tooManyErrors: reply(421, '4.7.0', 'Too many errors.'),
  tooManyRecipients: reply(452, '4.5.3', 'Too many recipients; send the message to the others separately.'),
  accountsUnavailable: reply(451, '4.3.0', 'The accounts cannot be read now; try again later.'),
  lineTooLong: reply(500, '5.5.2', 'The line is too long.'),
  malformed: reply(500, '5.5.2', 'A command is a line that ends in CRLF, without other CR, LF or NUL.'),
  unknown: reply(500, '5.5.1', 'There is no such command.'),
  notSmtp: reply(500, '5.5.1', 'This is LMTP; say LHLO.'),
  notImplemented: reply(502, '5.5.1', 'That is not offered here.'),
  syntax: reply(501, '5.5.4', 'The arguments are wrong.'),
  badSender: reply(501, '5.1.7', 'The sender is no address in angle brackets.'),
  badRecipient: reply(501, '5.1.3', 'The recipient is no address in angle brackets.'),
  greetFirst: reply(503, '5.5.1', 'Say LHLO first.'),
  mailFirst: reply(503, '5.5.1', 'Say MAIL first.'),
  nested: reply(503, '5.5.1', 'A sender was given already; RSET begins anew.'),
  noRecipients: reply(503, '5.5.1', 'There is no recipient that was accepted.'),
  parameter: reply(555, '5.5.4', 'A parameter is unknown or wrong.'),
  unknownUser: reply(550, '5.1.1', 'There is no such user here.'),
  utf8Sender: reply(550, '5.6.7', 'An address beyond ASCII needs SMTPUTF8.'),
  utf8Recipient: reply(553, '5.6.7', 'An address beyond ASCII needs SMTPUTF8.'),
  tooBig: reply(552, '5.3.4', 'The message is too big.'),
  overQuota: reply(452, '4.2.2', 'The mailbox is full.'),
  noSpace: reply(452, '4.3.1', 'There is no space on the disk; try again later.'),
  trouble: reply(451, '4.3.0', 'The message could not be stored; try again later.'),
} as const satisfies Readonly<Record<string, Reply>>;
