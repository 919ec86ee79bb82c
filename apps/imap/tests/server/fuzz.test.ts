/** Random dialogues in every state: whatever comes, the server answers or hangs up, and others do not notice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import { Client } from '../support/client.ts';
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

function randomFrom(seed: number) {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0];
  return { below, pick };
}

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

type Random = ReturnType<typeof randomFrom>;

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
