/** Mail from and to IMAP servers that behave oddly. Real ones: tests/mail/moving.test.ts. */
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startPeer, tagOf } from '../support/imap-peer.ts';
import { hashOf, installation } from './support.ts';

const APPLY = ['--plain', '--apply', '--yes'];

/** Answers by the first word that a line has; `OK` to everything else. */
type Script = Readonly<Record<string, (line: string, tag: string, socket: Socket) => string | undefined>>;

async function serverOf(script: Script, capabilities = 'IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS NAMESPACE') {
  const peer = await startPeer(
    (line, socket) => {
      const tag = tagOf(line);
      if (!/^A\d+$/.test(tag)) return undefined; // a line of a message
      const found = Object.entries(script).find(([word]) => line.slice(tag.length + 1).startsWith(word));
      return found === undefined ? `${tag} OK done\r\n` : found[1](line, tag, socket);
    },
    { greeting: `* OK [CAPABILITY ${capabilities}] odd\r\n` },
  );
  return { peer, url: `imap://eve@127.0.0.1:${peer.port}` };
}

/** A server with an inbox below a prefix, and one message in each mailbox, but for what a script says. */
const source = (script: Script): Script => ({
  AUTHENTICATE: (_, tag) => `${tag} OK [CAPABILITY IMAP4rev1 UIDPLUS NAMESPACE] in\r\n`,
  NAMESPACE: (_, tag) => `* NAMESPACE (("INBOX." ".")) (("user." ".")) NIL\r\n${tag} OK done\r\n`,
  'LIST "" "*"': (_, tag) =>
    `* LIST (\\HasChildren) "." INBOX\r\n* LIST () "." "INBOX.Caf&AOk-"\r\n* LIST (\\Noselect) "." INBOX.Top\r\n` +
    `* LIST () "." user.bob\r\n* LIST (\\All) "." "INBOX.All Mail"\r\n${tag} OK done\r\n`,
  LSUB: (_, tag) => `* LSUB () "." "INBOX.Caf&AOk-"\r\n${tag} OK done\r\n`,
  STATUS: (line, tag) => `* STATUS ${/"[^"]*"/.exec(line)?.[0]} (MESSAGES 1 UIDVALIDITY 7)\r\n${tag} OK done\r\n`,
  EXAMINE: (_, tag) => `* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n${tag} OK done\r\n`,
  'FETCH 1:1 ': (_, tag) =>
    `* 1 FETCH (UID 4 FLAGS (\\Seen \\Recent \\Odd key]word) INTERNALDATE " 1-Feb-2020 10:00:00 +0100" RFC822.SIZE 9)\r\n${tag} OK done\r\n`,
  'UID FETCH 4 (UID': (_, tag) => `* 1 FETCH (BODY[] "Subject: x" UID 4)\r\n${tag} OK done\r\n`,
  ...script,
});

/** An installation whose tool knows the password of the other server. */
async function withPassword(...users: readonly string[]) {
  const made = await installation(...users);
  const env = { ...made.env, IMAP_PASSWORD: 'secret' };
  return { ...made, run: (args: readonly string[], input = '') => made.run(args, { env, input }) };
}

const SEEN = {
  hash: hashOf(Buffer.from('Subject: x')),
  flags: ['\\Seen', 'key_word'],
  date: Date.UTC(2020, 1, 1, 9) / 1000,
};

describe('mail import from IMAP', () => {
  it('knows prefixes and views, what may stand in flags and contents, and only reads', async () => {
    const { run, mailOf } = await withPassword('alice');
    const { peer, url } = await serverOf(source({}));
    const done = await run(['mail', 'import', 'alice', url, ...APPLY]);
    expect(done.stderr).toContain('Passed over: All Mail shows what is in other folders; --map brings it too.');
    expect(done.stderr).toContain('2 messages brought over');
    expect(await mailOf('alice')).toEqual({ INBOX: [SEEN], Café: [SEEN] });
    const changing = /^\w+ (SELECT|(UID )?STORE|APPEND|CREATE|(UID )?EXPUNGE|CLOSE)|BODY\[/;
    expect(peer.lines.filter((line) => changing.test(line))).toEqual([]);
    expect(peer.lines.join('\n')).not.toContain('secret');
  });

  it('names messages that the server does not give, and brings the others', async () => {
    const { run, mailOf } = await withPassword('alice');
    const facts = (uid: number) =>
      `* ${uid - 3} FETCH (UID ${uid} FLAGS () INTERNALDATE "01-Feb-2020 10:00:00 +0000" RFC822.SIZE 9)\r\n`;
    const { url } = await serverOf(
      source({
        LSUB: (_, tag) => `${tag} OK done\r\n`,
        'LIST "" "*"': (_, tag) => `* LIST () "." INBOX\r\n${tag} OK done\r\n`,
        EXAMINE: (_, tag) => `* 3 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n${tag} OK done\r\n`,
        'FETCH 1:3 ': (_, tag) => `${facts(4)}${facts(5)}${facts(6)}${tag} OK done\r\n`,
        'UID FETCH 4,5,6 ': (_, tag) => `* 2 FETCH (UID 5 BODY[] {10}\r\nSubject: y)\r\n${tag} NO some are broken\r\n`,
        'UID FETCH 4 (BODY.PEEK[])': (_, tag) => `${tag} NO it is broken\r\n`,
        'UID FETCH 6 (BODY.PEEK[])': (_, tag) => `* 3 EXPUNGE\r\n${tag} OK done\r\n`,
      }),
    );
    const done = await run(['mail', 'import', 'alice', url, ...APPLY, '--json']);
    expect(done.code).toBe(6);
    expect(JSON.parse(done.stdout).troubles).toEqual([
      { folder: 'INBOX', where: 'UID 4', reason: 'The server does not give it: it is broken' },
      { folder: 'INBOX', where: 'UID 6', reason: 'It was removed while the mailbox was being read.' },
    ]);
    expect(await mailOf('alice')).toMatchObject({ INBOX: [{ hash: hashOf(Buffer.from('Subject: y')) }] });
  });

  it('goes on where the connection was lost', async () => {
    const { run, mailOf } = await withPassword('alice');
    let times = 0;
    const { url } = await serverOf(
      source({
        // The second folder ends it, once.
        EXAMINE: (_, tag, socket) => {
          times += 1;
          if (times === 2) socket.destroy();
          return `* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n${tag} OK done\r\n`;
        },
      }),
    );
    const broken = await run(['mail', 'import', 'alice', url, ...APPLY]);
    expect(broken.code).toBe(6);
    expect(broken.stderr).toContain('The server hung up');
    expect(await mailOf('alice')).toEqual({ INBOX: [SEEN] });
    const done = await run(['mail', 'import', 'alice', url, ...APPLY]);
    expect(done.stderr).toContain('1 message brought over, 0 there already');
    expect(await mailOf('alice')).toEqual({ INBOX: [SEEN], Café: [SEEN] });
  });
});

describe('mail export to IMAP', () => {
  const target = (append: Script[string]): Script => ({
    AUTHENTICATE: (_, tag) => `${tag} OK [CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE LIST-EXTENDED] in\r\n`,
    'LIST "" "*"': (_, tag) => `* LIST (\\Sent) "/" "Gesendet"\r\n* LIST () "/" INBOX\r\n${tag} OK done\r\n`,
    SELECT: (_, tag) =>
      `* 0 EXISTS\r\n* OK [UIDVALIDITY 9] valid\r\n* OK [PERMANENTFLAGS (\\Seen \\Deleted)] flags\r\n${tag} OK done\r\n`,
    APPEND: append,
  });

  async function threeMessages() {
    const made = await withPassword('alice');
    await made.run(['mail', 'deliver', 'alice'], 'Subject: 1\n\nx\n');
    await made.run(['mail', 'deliver', 'alice', '-m', 'Sent'], 'Subject: 2\n\nx\n');
    await made.run(['mail', 'deliver', 'alice', '-m', 'Deep.Down'], 'Subject: 3\n\nx\n');
    return made;
  }

  it('maps special uses and levels, and names what the server does not take', async () => {
    const { run } = await threeMessages();
    let uid = 0;
    const { peer, url } = await serverOf(
      target((line, tag, socket) => {
        if (line.includes('Deep/Down')) return `${tag} NO [ALERT] no such words\r\n`;
        uid += 1;
        socket.write('+ go on\r\n');
        socket.once('data', () => socket.write(`${tag} OK [APPENDUID 9 ${uid}] done\r\n`));
        return undefined;
      }),
    );
    const done = await run(['mail', 'export', 'alice', url, '--plain', '--json']);
    expect(done.code).toBe(6);
    const { folders, troubles } = JSON.parse(done.stdout);
    expect(folders.filter(({ brought, refused }: Record<string, number>) => brought !== 0 || refused !== 0)).toEqual([
      { folder: 'INBOX', mailbox: 'INBOX', brought: 1, there: 0, refused: 0 },
      { folder: 'Deep.Down', mailbox: 'Deep/Down', brought: 0, there: 0, refused: 1 },
      { folder: 'Sent', mailbox: 'Gesendet', brought: 1, there: 0, refused: 0 },
    ]);
    expect(troubles).toEqual([
      { folder: 'Deep.Down', where: 'UID 1', reason: 'The server does not take it: no such words' },
    ]);
    expect(peer.lines.filter((line) => / CREATE "Deep/.test(line))).toHaveLength(1);
  });

  it('stops where there is no room, and asks for UIDs', async () => {
    const { run } = await threeMessages();
    const full = await serverOf(target((_, tag) => `${tag} NO [OVERQUOTA] no room\r\n`));
    const stopped = await run(['mail', 'export', 'alice', full.url, '--plain']);
    expect(stopped.code).toBe(75);
    expect(stopped.stderr).toContain('The server answers APPEND with NO: no room');
    const old = await serverOf({ AUTHENTICATE: (_, tag) => `${tag} OK [CAPABILITY IMAP4rev1] in\r\n` });
    const refused = await run(['mail', 'export', 'alice', old.url, '--plain']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('UIDPLUS') });
  });
});
