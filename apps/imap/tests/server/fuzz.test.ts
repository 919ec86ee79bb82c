/** Random dialogues in every state: whatever comes, the server answers or hangs up, and others do not notice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import { Client } from '../support/client.ts';
import { type Random, randomFrom } from '../support/random.ts';
import { PASSWORD, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  // A dialogue may leave a connection waiting for a handshake that never comes.
  server = await startServer({ ...CONNECTION, handshake: 200 });
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const COMMANDS = [
  'NOOP',
  'CAPABILITY',
  `LOGIN fuzz "${PASSWORD}"`,
  'LOGIN fuzz wrong',
  'AUTHENTICATE PLAIN',
  'ENABLE CONDSTORE QRESYNC',
  'ENABLE IMAP4rev2 UTF8=ACCEPT',
  'ID ("name" NIL)',
  'NAMESPACE',
  'UNSELECT',
  'SELECT INBOX',
  'EXAMINE INBOX (CONDSTORE)',
  'SELECT INBOX (QRESYNC (1 1 1:4294967295 (1:4294967295 1:4294967295)))',
  'SELECT Nowhere',
  'CREATE a.b',
  'DELETE a.b',
  'RENAME a.b c',
  'RENAME INBOX d.e',
  'LIST "" *',
  'LSUB "" %',
  'SUBSCRIBE INBOX',
  'STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)',
  'APPEND INBOX (\\Seen) {5+}\r\nabcde',
  'APPEND INBOX {5}\r\nabcde',
  'APPEND Nowhere {5+}\r\nabcde',
  'APPEND INBOX {3+}\r\nabcdefg',
  'IDLE\r\nDONE',
  'IDLE\r\nNOOP',
  'CHECK',
  'CLOSE',
  'EXPUNGE',
  'UID EXPUNGE 1:*',
  'SEARCH ALL',
  'UID SEARCH OR SEEN NOT BODY abc',
  'SEARCH CHARSET KOI7 ALL',
  'FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE)',
  'UID FETCH *:1 (BODY[] BODY[1.2.3]<5.10> RFC822.HEADER)',
  'FETCH 1 BODY[HEADER.FIELDS ("a b" {3+}\r\nxyz)]',
  'STORE 1:* +FLAGS (\\Deleted work)',
  'UID STORE 1:* FLAGS.SILENT ()',
  'COPY 1:* d.e',
  'UID COPY 1:* INBOX',
  'MOVE 1:2 d.e',
  'UID MOVE 1 INBOX',
  'STORE 1:* (UNCHANGEDSINCE 3) +FLAGS.SILENT (\\Seen)',
  'UID FETCH 1:4294967295 (FLAGS) (CHANGEDSINCE 1 VANISHED)',
  'UID SEARCH RETURN (SAVE) 1:* MODSEQ 2',
  'UID STORE $ -FLAGS (\\Seen)',
  'STARTTLS',
] as const;

/** A command as it is, cut, or with octets changed. */
function disturb(command: string, { below, pick }: Random): string {
  const at = below(command.length);
  const junk = pick([
    '"',
    '(',
    ')',
    '\\',
    '{9999999999}',
    '{4}\r\n',
    '\0',
    '\xff',
    ' ',
    '*',
    '%',
    '\r\n',
    '&AAA-',
    '[',
    '<',
  ]);
  switch (below(6)) {
    case 0:
      return command.slice(0, at);
    case 1:
      return command.slice(0, at) + junk + command.slice(at);
    case 2:
      return command.slice(0, at) + junk + command.slice(at + 1);
    default:
      return command;
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('dialogue %i', async (seed) => {
  const random = randomFrom(seed * 7919);
  const witness = await server.signIn('witness');
  for (let connection = 0; connection < 4; connection += 1) {
    const client = random.below(4) === 0 ? await Client.plain(server.port) : await server.connect();
    client.socket.on('error', () => {});
    if (random.below(3) > 0) client.send(`in LOGIN fuzz "${PASSWORD}"\r\nse SELECT INBOX\r\n`);
    for (let step = 0; step < 25; step += 1) {
      client.send(`t${step} ${disturb(random.pick(COMMANDS), random)}\r\n`);
    }
    client.socket.end();
    // It answers all there is to answer and hangs up, whatever state it was left in.
    while ((await client.line()) !== undefined);
    client.close();
    expect((await witness.command('NOOP')).result).toMatch(/^OK/);
  }
  witness.close();
});

const selected = async (): Promise<Client> => {
  const client = await server.signIn('fuzz');
  await client.ok('SELECT INBOX');
  return client;
};

const after = async (client: Promise<Client>, text: string): Promise<Client> => {
  (await client).send(text);
  return client;
};

/** Where a connection may stand when nonsense comes. */
const STATES: readonly (readonly [string, (random: Random) => Promise<Client>])[] = [
  ['not authenticated', () => Client.plain(server.port)],
  ['authenticated', () => server.signIn('fuzz')],
  ['selected', selected],
  ['in IDLE', () => after(selected(), 'i IDLE\r\n')],
  [
    'in AUTHENTICATE',
    ({ pick }) =>
      after(server.connect(), `i AUTHENTICATE ${pick(['PLAIN', 'LOGIN', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'])}\r\n`),
  ],
  [
    'in a literal',
    ({ pick, below }) =>
      after(selected(), `i SEARCH ${pick(['TEXT', 'HEADER a'])} {${below(400)}${pick(['+', ''])}}\r\n`),
  ],
  [
    'in a message of APPEND',
    ({ pick, below }) => {
      const head = pick(['', '(\\Seen) ', 'UTF8 (', '~', '"01-Jan-2020 00:00:00 +0000" ']);
      return after(selected(), `i APPEND ${pick(['INBOX', 'No'])} ${head}{${below(2000)}${pick(['+', ''])}}\r\n`);
    },
  ],
  [
    'compressed',
    async () => {
      const client = await selected();
      await client.ok('COMPRESS DEFLATE');
      client.deflate();
      return client;
    },
  ],
];

/** Lines that mean something in some state, commands, and octets that mean nothing. */
function nonsense(random: Random): string {
  const { below, pick } = random;
  switch (below(4)) {
    case 0:
      return `${pick(['DONE', '*', '', ' ', ')', 'AGFubgBz', '====', 'dD', '{3+}', '(', '\0'])}\r\n`;
    case 1:
      return String.fromCharCode(...Array.from({ length: below(60) }, () => below(256)));
    default:
      return `n${below(1000)} ${disturb(pick(COMMANDS), random)}\r\n`;
  }
}

describe.each(STATES)('nonsense %s', (_, enter) => {
  test.each([1, 2, 3, 4, 5, 6])('%i', async (seed) => {
    const random = randomFrom(seed * 104_729);
    const witness = await server.signIn('witness');
    const client = await enter(random);
    client.socket.on('error', () => {});
    for (let step = 0; step < 30; step += 1) client.send(nonsense(random));
    // It is answered or hung up on; where it is neither, a literal is waited for that never comes.
    if (random.below(2) === 0) client.finish();
    else client.close();
    while ((await client.line()) !== undefined);
    client.close();
    expect((await witness.command('NOOP')).result).toMatch(/^OK/);
    witness.close();
  });
});

test.each([1, 2, 3, 4, 5, 6])('octets that are no deflate data, %i', async (seed) => {
  const { below } = randomFrom(seed * 7_727);
  const client = await selected();
  await client.ok('COMPRESS DEFLATE');
  client.socket.on('error', () => {});
  client.socket.write(Buffer.from(Array.from({ length: 200 }, () => below(256))));
  client.socket.end();
  while ((await client.line()) !== undefined);
  const witness = await server.signIn('witness');
  expect((await witness.command('NOOP')).result).toMatch(/^OK/);
  witness.close();
});
