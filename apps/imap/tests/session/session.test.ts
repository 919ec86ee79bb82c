/** Sessions without sockets: octets in, responses out. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMailStore } from '@scorpiox/maildir';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pacedBy } from '../../src/auth/pacing.ts';
import { createSignIn, type SignIn } from '../../src/auth/sign-in.ts';
import { Throttle } from '../../src/auth/throttle.ts';
import { createMail } from '../../src/mailbox/user-mail.ts';
import { Inbox } from '../../src/session/inbox.ts';
import { Session } from '../../src/session/session.ts';
import { BEFORE_SIGN_IN } from '../../src/wire/limits.ts';
import { serialize } from '../../src/wire/serialize.ts';
import { everyoneWith } from '../support/verifier.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imap-session-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const LOOPBACK = { secure: false, loopback: true, address: '127.0.0.1' };
const FAR = { secure: false, loopback: false, address: '192.0.2.1' };

interface Options {
  readonly transport?: typeof LOOPBACK;
  readonly signIn?: SignIn;
}

const delays: number[] = [];
const accounts = createSignIn(
  {
    ...everyoneWith('pw'),
    verifyLogin: async (name, password) => (password === 'pw' ? { name: name.toLowerCase() } : undefined),
  },
  pacedBy(new Throttle(() => 0), async (ms) => void delays.push(ms)),
);

/** Sends all of it at once, and hangs up; the answer is everything that came back, a line each. */
async function converse(input: string, { transport = LOOPBACK, signIn = accounts }: Options = {}): Promise<string[]> {
  const inbox = new Inbox(BEFORE_SIGN_IN);
  const out: Buffer[] = [];
  const session = new Session({
    inbox,
    transport,
    signIn,
    mail: createMail((user) =>
      openMailStore({ maildir: join(folder, user, 'Maildir'), indexFile: join(folder, user, 'index.db') }),
    ),
    send: async (response) => {
      for (const piece of serialize(response)) {
        if (piece instanceof Uint8Array) out.push(Buffer.from(piece));
        else for await (const chunk of piece.chunks) out.push(Buffer.from(chunk));
      }
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
    now: () => performance.now(),
  });
  inbox.push(Buffer.from(input, 'latin1'));
  inbox.end();
  await session.run();
  return Buffer.concat(out).toString('latin1').split('\r\n').slice(1, -1);
}

const lines = (...commands: string[]) => commands.map((command) => `${command}\r\n`).join('');
const LOGIN = 'in LOGIN ann pw';

describe('which command in which state', () => {
  test.each([
    ['a SELECT INBOX', 'a BAD Sign in first.'],
    ['a FETCH 1 FLAGS', 'a BAD Sign in first.'],
    ['a IDLE', 'a BAD Sign in first.'],
    ['a NOOP', 'a OK NOOP completed.'],
  ])('%s before sign-in', async (command, answer) => {
    expect(await converse(lines(command))).toEqual([answer]);
  });

  test.each([
    ['a LOGIN ann pw', 'a BAD You are signed in already.'],
    ['a STARTTLS', 'a BAD You are signed in already.'],
    ['a FETCH 1 FLAGS', 'a BAD Select a mailbox first.'],
    ['a CHECK', 'a BAD Select a mailbox first.'],
    ['a CLOSE', 'a BAD Select a mailbox first.'],
  ])('%s after sign-in', async (command, answer) => {
    expect((await converse(lines(LOGIN, command))).at(-1)).toBe(answer);
  });

  test('a failed SELECT leaves no mailbox selected', async () => {
    const answers = await converse(lines(LOGIN, 'a SELECT INBOX', 'b SELECT Nowhere', 'c CHECK'));
    expect(answers.slice(-2)).toEqual([
      expect.stringMatching(/^b NO \[NONEXISTENT\]/),
      'c BAD Select a mailbox first.',
    ]);
  });

  test('nothing is answered after LOGOUT', async () => {
    expect(await converse(lines('a LOGOUT', 'b NOOP'))).toEqual(['* BYE Logging out.', 'a OK LOGOUT completed.']);
  });
});

describe('signing in', () => {
  test('a password in the clear is refused unless both ends are on this machine', async () => {
    const answers = await converse(lines('a CAPABILITY', 'b LOGIN ann pw', 'c AUTHENTICATE PLAIN'), { transport: FAR });
    expect(answers[0]).toMatch(/^\* CAPABILITY IMAP4rev1 (?!.* AUTH=).* STARTTLS LOGINDISABLED/);
    expect(answers.slice(2)).toEqual([
      expect.stringMatching(/^b NO \[PRIVACYREQUIRED\]/),
      expect.stringMatching(/^c NO \[PRIVACYREQUIRED\]/),
    ]);
  });

  test('AUTHENTICATE PLAIN', async () => {
    const plain = (text: string) => Buffer.from(text).toString('base64');
    const answers = await converse(
      lines(
        'a AUTHENTICATE PLAIN',
        '*',
        'b AUTHENTICATE PLAIN',
        'no base64!',
        'c AUTHENTICATE CRAM-MD5',
        'd AUTHENTICATE PLAIN',
        plain('bob\0ann\0pw'),
        'e AUTHENTICATE PLAIN',
        plain('\0Ann\0pw'),
      ),
    );
    expect(answers).toEqual([
      '+ ',
      'a BAD Authentication was cancelled.',
      '+ ',
      'b BAD The answer is not base64.',
      expect.stringMatching(/^c NO/),
      '+ ',
      expect.stringMatching(/^d NO \[AUTHENTICATIONFAILED\]/),
      '+ ',
      expect.stringMatching(/^e OK \[CAPABILITY IMAP4rev1 (?!.* AUTH=).*\] Signed in\.$/),
    ]);
  });

  test('refusals come slower and slower, and then BYE', async () => {
    delays.length = 0;
    const tries = Array.from({ length: 9 }, (_, n) => `t${n} LOGIN ann wrong`);
    const answers = await converse(lines(...tries));
    expect(answers.slice(0, 5).every((answer) => answer.includes('NO [AUTHENTICATIONFAILED]'))).toBe(true);
    expect(answers.slice(5)).toEqual(['* BYE Too many refused sign-ins.']);
    expect(delays).toEqual([500, 1000, 2000, 4000]);
  });
});

describe('bad input', () => {
  test('many bad commands in a row end with BYE, some do not', async () => {
    const answers = await converse(
      lines('a FROB', 'b', 'c LOGIN', 'd NOOP', ...Array.from({ length: 9 }, () => 'GET / HTTP/1.1')),
    );
    expect(answers.slice(0, 4)).toEqual([
      expect.stringMatching(/^a BAD/),
      expect.stringMatching(/BAD/),
      expect.stringMatching(/^c BAD/),
      'd OK NOOP completed.',
    ]);
    expect(answers.slice(4)).toHaveLength(6);
    expect(answers.at(-1)).toBe('* BYE Too many bad commands.');
  });

  test('a command over the limit is refused, and the next one is understood', async () => {
    const answers = await converse(lines(`a LOGIN ann "${'x'.repeat(20_000)}"`, 'b NOOP'));
    expect(answers).toEqual([expect.stringMatching(/^a BAD/), 'b OK NOOP completed.']);
  });

  test('an unknown charset', async () => {
    const answers = await converse(lines(LOGIN, 's SELECT INBOX', 'a SEARCH CHARSET X-NONE SUBJECT x'));
    expect(answers.at(-1)).toMatch(/^a NO \[BADCHARSET/);
  });
});

describe('APPEND keeps in step', () => {
  test('where it is refused before its octets, while they come, and after', async () => {
    const answers = await converse(
      `a APPEND INBOX {6+}\r\nb NOOP\r\n${lines(LOGIN)}` +
        `c APPEND Nowhere {6+}\r\nd NOOP\r\n` +
        `e APPEND INBOX {99999999999+}\r\n`,
    );
    expect(answers.slice(0, 3)).toEqual([
      'a BAD Sign in first.',
      expect.stringMatching(/^in OK/),
      expect.stringMatching(/^c NO \[TRYCREATE\]/),
    ]);
    expect(answers[3]).toMatch(/^e (NO|BAD)/);
  });

  test('a client that hangs up within its message has appended nothing', async () => {
    await converse(`${lines('in LOGIN cut pw')}a APPEND INBOX {100+}\r\nhalf a message`);
    const answers = await converse(lines('in LOGIN cut pw', 'a STATUS INBOX (MESSAGES)'));
    expect(answers[1]).toBe('* STATUS INBOX (MESSAGES 0)');
  });

  test('something behind the message makes it no command', async () => {
    const answers = await converse(
      `${lines('in LOGIN tail pw')}a APPEND INBOX {4+}\r\nabcd junk\r\nb STATUS INBOX (MESSAGES)\r\n`,
    );
    expect(answers.slice(1, 3)).toEqual([expect.stringMatching(/^a BAD/), '* STATUS INBOX (MESSAGES 0)']);
  });
});

test('a blank line before DONE is nothing', async () => {
  const answers = await converse(lines(LOGIN, 'a IDLE', '', '', 'DONE', 'b NOOP'));
  expect(answers.slice(1)).toEqual(['+ idling', 'a OK IDLE completed.', 'b OK NOOP completed.']);
});

test('IDLE ends with DONE only, and what follows in the same packet is run', async () => {
  const answers = await converse(lines(LOGIN, 'a IDLE', 'DONE', 'b IDLE', 'NOOP', 'c NOOP'));
  expect(answers.slice(1)).toEqual([
    '+ idling',
    'a OK IDLE completed.',
    '+ idling',
    'b BAD IDLE ends with DONE.',
    'c OK NOOP completed.',
  ]);
});
