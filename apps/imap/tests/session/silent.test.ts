/** Answers in which a mailbox's changes have no place, although they happen while the answer is on its way. */
import type { MailStore } from '@scorpiox/maildir';
import { expect, test } from 'vitest';
import { createMail } from '../../src/mailbox/user-mail.ts';
import { Inbox } from '../../src/session/inbox.ts';
import { Session } from '../../src/session/session.ts';
import { BEFORE_SIGN_IN } from '../../src/wire/limits.ts';
import type { Response } from '../../src/wire/response.ts';
import { FakeMailbox } from '../support/fake-mailbox.ts';
import { overriding } from '../support/overriding.ts';
import { everyoneWith } from '../support/verifier.ts';

/** Runs commands on a mailbox of two messages; one goes and one comes with every response of this type. */
async function converse(trigger: Response['type'], ...commands: string[]): Promise<string[]> {
  const mailbox = new FakeMailbox();
  mailbox.add();
  mailbox.add();
  const inbox = new Inbox(BEFORE_SIGN_IN);
  const said: string[] = [];
  const refresh = async () => ({ ok: true, value: undefined }) as const;
  const open = async () => ({ ok: true, value: overriding(mailbox, { refresh }) }) as const;
  const session = new Session({
    inbox,
    transport: { secure: true, loopback: true, address: '127.0.0.1' },
    signIn: { ...everyoneWith('pw'), attempt: async () => ({ kind: 'signed-in', user: 'ann' }) },
    // Nothing but these two is asked of it here.
    mail: createMail(async () => ({ ok: true, value: { open, close: async () => {} } as unknown as MailStore })),
    send: async (response) => {
      said.push(response.type === 'tagged' ? `${response.tag} ${response.condition}` : response.type);
      if (response.type !== trigger) return;
      mailbox.lose(mailbox.uids()[0] ?? 0);
      mailbox.add();
    },
    startTls: (announce) => announce(),
    signedIn: () => {},
    observer: {
      command: () => {},
      signInRefused: () => {},
      badCommand: () => {},
      appended: () => {},
      trouble: (message, error) => {
        throw new Error(message, { cause: error });
      },
    },
    now: () => 0,
  });
  inbox.push(Buffer.from(['in LOGIN ann pw', ...commands, ''].join('\r\n')));
  inbox.end();
  await session.run();
  return said.slice(said.indexOf('in OK') + 1);
}

/** UNSEEN, PERMANENTFLAGS, UIDVALIDITY, UIDNEXT, MAILBOXID, HIGHESTMODSEQ. */
const SELECTED = ['flags', 'exists', 'recent', ...Array.from({ length: 6 }, () => 'untagged')];

test.each(['SELECT', 'EXAMINE'])('%s describes one moment; what comes after it comes with the next', async (name) => {
  const said = await converse('flags', `a ${name} INBOX`, 'b NOOP');
  expect(said.slice(0, SELECTED.length + 1)).toEqual([...SELECTED, 'a OK']);
  expect(said.slice(SELECTED.length + 1)).toEqual(['expunge', 'exists', 'recent', 'b OK']);
});

test('nothing comes between BYE and the answer to LOGOUT', async () => {
  const said = await converse('bye', 'a SELECT INBOX', 'b LOGOUT');
  expect(said.slice(SELECTED.length + 1)).toEqual(['bye', 'b OK']);
});
