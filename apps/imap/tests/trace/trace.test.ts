/** Traces of real sessions: what can be seen in them, and what never can; neither in the log, nor in telemetry. */
import { createHash, createHmac, pbkdf2Sync, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TraceReport, TraceSubject } from '../../src/admin/operator.ts';
import type { Verifier } from '../../src/auth/sign-in.ts';
import { TRACE } from '../../src/limits.ts';
import { ScramClient } from '../auth/support/scram-client.ts';
import type { Client } from '../support/client.ts';
import { overriding } from '../support/overriding.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { everyoneWith } from '../support/verifier.ts';

/** What a server keeps of a password (RFC 5802 §3). */
function scramLogin(name: string, password: string): ReturnType<Verifier['scram']> {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 32, 'sha256');
  const key = (label: string) => createHmac('sha256', salted).update(label).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest();
  return { salt, iterations: 4096, storedKey, serverKey: key('Server Key'), confirm: () => ({ name }) };
}

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

async function start(subject: TraceSubject, octets: number = TRACE.octets.usual, on = server): Promise<TraceReport> {
  const started = await on.operator.startTrace({ id: randomUUID(), subject, minutes: 1, octets });
  if (!started.ok) throw new Error(started.why);
  return started.trace;
}

/** Ends the trace; its lines without their times. */
async function linesOf({ id, files: [file] }: TraceReport, on = server): Promise<string[]> {
  await on.operator.stopTrace(id);
  const text = await readFile(file?.path ?? '', 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1));
}

/** What was said and done, without who said it. */
const deeds = (lines: readonly string[]) => lines.map((line) => line.slice(line.indexOf(' ') + 1));

async function newest(): Promise<string> {
  const { sessions } = await server.operator.sessions();
  return sessions.at(-1)?.id ?? '';
}

describe('the second bug of the journal: "just refresh and it works"', () => {
  const PAIR = 's UID STORE 1 +FLAGS (\\Seen)\r\nf UID FETCH 1 (UID BODY.PEEK[])\r\n';
  const STORED = [
    'C s UID STORE 1 +FLAGS (\\Seen)',
    expect.stringMatching(/^F rename "(new|cur)\/\S+" -> "cur\/\S+:2,S" ok$/),
    expect.stringMatching(/^S \* 1 FETCH \(.*FLAGS \(\\Seen.*\)$/),
    's',
  ];

  async function trace(on: TestServer, between: () => Promise<void> = async () => {}): Promise<string[]> {
    const client = await on.signIn('ann');
    await client.append('INBOX', 'Subject: secret\r\n\r\nsecret');
    await client.ok('SELECT INBOX');
    const report = await start({ user: 'ann' }, undefined, on);
    const [store = '', fetch = ''] = PAIR.split(/(?<=\r\n)/);
    client.send(store);
    await client.reply('s');
    await between();
    client.send(fetch);
    await client.reply('f');
    const lines = await linesOf(report, on);
    client.close();
    return deeds(lines.filter((line) => !/^- /.test(line))).filter((deed) => !deed.startsWith('- '));
  }

  const seen = (deeds: readonly string[]) => deeds.filter((deed) => /^[CS]|^F (rename|open)/.test(deed));

  test('is not there: the file is opened by its new name', async () => {
    const lines = seen(await trace(server));
    const renamed = /-> ("cur\/\S+:2,S") ok/.exec(lines.join('\n'))?.[1];
    const at = (text: string) => lines.findIndex((line) => line.startsWith(text));
    expect(lines.slice(0, 3)).toEqual(STORED.slice(0, 3));
    expect(at('F rename')).toBeLessThan(at(`F open ${renamed} ok`));
    expect(at(`F open ${renamed} ok`)).toBeLessThan(at('S * 1 FETCH (UID 1 BODY[] {'));
    expect(lines.at(-1)).toBe('S f OK FETCH completed.');
    expect(lines.join('\n')).not.toContain('ENOENT');
  });

  test('would be seen: the old name is opened after the rename, and is not there', async () => {
    const old = await startServer(undefined, (store) =>
      overriding(store, {
        open: async (name) => {
          const opened = await store.open(name);
          if (!opened.ok) return opened;
          const folder = old.maildir('ann');
          const names = ['new', 'cur'].flatMap((part) =>
            readdirSync(join(folder, part)).map((file) => join(part, file)),
          );
          // The table of names that the old server made when the mailbox was opened, and nobody told of renames.
          const [remembered = ''] = names;
          const mailbox = overriding(opened.value, {
            open: async (uid) => {
              const file = await old
                .fileSystem('ann')
                .open(join(folder, remembered), 'read')
                .catch(() => undefined);
              await file?.close();
              return file === undefined
                ? { ok: false, error: { code: 'vanished', message: 'The message is not there.' } }
                : opened.value.open(uid);
            },
          });
          return { ok: true, value: mailbox };
        },
      }),
    );
    const lines = seen(await trace(old));
    const from = /F rename (\S+) ->/.exec(lines.join('\n'))?.[1];
    expect(lines).toContain(`F open ${from} ENOENT`);
    expect(lines.findIndex((line) => line.startsWith('F rename'))).toBeLessThan(lines.indexOf(`F open ${from} ENOENT`));
    await old.stop();
  });

  test('another program that renames is seen as well, and that the file is looked for again', async () => {
    const cur = join(server.maildir('ann'), 'cur');
    let name = '';
    const lines = await trace(server, async () => {
      [name = ''] = readdirSync(cur);
      await rename(join(cur, name), join(cur, name.replace(':2,S', ':2,FS')));
    });
    expect(lines).toContain(`F open "cur/${name.replace(':2,S', ':2,FS')}" ok`);
    expect(lines.at(-1)).toBe('S f OK FETCH completed.');
  });
});

describe('never in it', () => {
  /** Everything that a secret could look like. */
  const shapes = (secret: string) => [
    secret,
    ...[0, 1, 2].map((shift) =>
      Buffer.from(`${'x'.repeat(shift)}${secret}`)
        .toString('base64')
        .slice(4, -4),
    ),
    Buffer.from(secret).toString('hex'),
  ];

  async function traced(what: (client: Client, secret: string) => Promise<void>): Promise<string> {
    const secret = `pw${randomBytes(12).toString('hex')}`;
    const client = await server.connect();
    const trace = await start({ session: await newest() });
    await what(client, secret);
    client.close();
    const text = (await linesOf(trace)).join('\n');
    const told = [...server.log, ...server.events.map((event) => JSON.stringify(event))].join('\n'); // the log is at debug
    for (const shape of shapes(secret)) {
      expect(text).not.toContain(shape);
      expect(told).not.toContain(shape);
    }
    return text;
  }

  const plain = (secret: string) => Buffer.from(`\0ann\0${secret}`).toString('base64');

  test.each<[string, (secret: string) => string[]]>([
    ['LOGIN', (secret) => [`a LOGIN ann ${secret}\r\n`]],
    ['LOGIN, quoted', (secret) => [`a LOGIN "ann" "${secret}"\r\n`]],
    ['LOGIN, a literal that waits', (secret) => ['a LOGIN {3}\r\n', `ann {${secret.length}}\r\n`, `${secret}\r\n`]],
    ['LOGIN, a literal that does not', (secret) => [`a LOGIN {3+}\r\nann {${secret.length}+}\r\n${secret}\r\n`]],
    ['LOGIN, with too much', (secret) => [`a LOGIN ann ${secret} ${secret}\r\n`]],
    ['LOGIN, without a name', (secret) => [`a LOGIN ${secret}\r\n`]],
    ['LOGIN, misspelt', (secret) => [`a LOGON ann ${secret}\r\n`]],
    ['PLAIN', (secret) => ['a AUTHENTICATE PLAIN\r\n', `${plain(secret)}\r\n`]],
    ['PLAIN with an initial response', (secret) => [`a AUTHENTICATE PLAIN ${plain(secret)}\r\n`]],
    ['PLAIN that is no base64', (secret) => ['a AUTHENTICATE PLAIN\r\n', `!${secret}\r\n`]],
    [
      'a mechanism that is not there, and the answer all the same',
      (secret) => ['a AUTHENTICATE CRAM-MD5\r\n', `${plain(secret)}\r\n`],
    ],
    [
      'the LOGIN mechanism',
      (secret) => ['a AUTHENTICATE LOGIN\r\n', 'YW5u\r\n', `${Buffer.from(secret).toString('base64')}\r\n`],
    ],
    ['a password as a command', (secret) => [`${secret}\r\n`]],
    ['a password as a tag', (secret) => [`${secret} ann\r\n`]],
    ['a password as the tag of a command', (secret) => [`${secret} NOOP\r\n`]],
    ['a password as a mechanism', (secret) => [`a AUTHENTICATE ${secret}\r\n`]],
    ['a line of IDLE', (secret) => ['a LOGIN ann "correct horse"\r\n', 'b IDLE\r\n', `${secret}\r\n`]],
    ['what the client says of itself', (secret) => [`a ID ("name" "${secret}" "${secret}" "x")\r\n`]],
  ])('%s', async (_, says) => {
    const text = await traced(async (client, secret) => {
      for (const part of says(secret)) {
        client.send(part);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      client.send('z LOGOUT\r\n');
      while ((await client.line()) !== undefined);
    });
    expect(text).toMatch(/ C /);
    expect(text).not.toContain('correct horse');
  });

  test('whatever a client makes of it before sign-in', async () => {
    const words = [
      'a',
      'LOGIN',
      'AUTHENTICATE',
      'PLAIN',
      'NOOP',
      'ID',
      'CAPABILITY',
      '(',
      ')',
      '*',
      '=',
      '"',
      '\\',
      '{3}',
      '{3+}',
      'NIL',
    ];
    const random = (below: number) => randomBytes(4).readUInt32LE() % below;
    for (let session = 0; session < 30; session += 1) {
      await traced(async (client, secret) => {
        const password = [secret, `"${secret}"`, `{${secret.length}+}\r\n${secret}`, plain(secret), `(${secret}`];
        client.socket.on('error', () => {});
        for (let line = 0; line < 20; line += 1) {
          const said = Array.from({ length: 1 + random(5) }, () =>
            random(3) === 0 ? password[random(password.length)] : words[random(words.length)],
          );
          client.send(`${said.join(' ')}\r\n`);
        }
        client.send('z LOGOUT\r\n');
        client.socket.end();
        while ((await client.line()) !== undefined);
      });
    }
  });

  test('SCRAM: neither what the client proves nor what the server says', async () => {
    await server.stop();
    const password = randomBytes(12).toString('hex');
    server = await startServer(undefined, undefined, {
      ...everyoneWith(''),
      scram: (name) => scramLogin(name, password),
    });
    const scram = new ScramClient({ name: 'ann', password, nonce: randomBytes(12).toString('hex'), flag: 'n' });
    const exchanged: string[] = [];
    const text = await traced(async (client) => {
      const heard = async () => {
        const challenge = (await client.line())?.replace(/^\+ ?/, '') ?? '';
        exchanged.push(challenge);
        return Buffer.from(challenge, 'base64').toString();
      };
      const say = (message: string) => {
        exchanged.push(Buffer.from(message).toString('base64'));
        client.send(`${exchanged.at(-1)}\r\n`);
      };
      client.send('a AUTHENTICATE SCRAM-SHA-256\r\n');
      await heard();
      say(scram.first());
      say(scram.final(await heard()));
      expect(scram.trusts(await heard())).toBe(true);
      say('');
      expect((await client.until('a ')).at(-1)).toMatch(/^a OK/);
    });
    expect(text).toContain('C [hidden] AUTHENTICATE SCRAM-SHA-256');
    const whole = exchanged.filter((message) => message !== '');
    expect(whole).toHaveLength(4);
    for (const message of whole) {
      expect(text).not.toContain(message);
      expect(text).not.toContain(Buffer.from(message, 'base64').toString());
    }
  });

  test('mail: not what comes in, not what goes out, not what is looked for', async () => {
    const text = await traced(async (client, secret) => {
      const message = `Subject: ${secret}\r\nFrom: ${secret}@example.net\r\nContent-Type: text/plain; name=${secret}\r\n\r\n${secret}\r\n`;
      await client.ok('LOGIN ann "correct horse"');
      await client.append('INBOX', message, '(\\Flagged) ');
      const both = `APPEND INBOX {${message.length}+}\r\n${message} {${message.length}+}\r\n${message}`;
      await client.ok(both);
      await client.command(`APPEND INBOX {${message.length}+}\r\n${message} nonsense ${secret}`);
      await client.ok('SELECT INBOX');
      await client.ok(
        'FETCH 1:* (FLAGS ENVELOPE BODY BODYSTRUCTURE BODY.PEEK[] BODY.PEEK[HEADER.FIELDS (SUBJECT)] RFC822.HEADER BINARY[1])',
      );
      for (const key of [
        `SUBJECT ${secret}`,
        `NOT (OR BODY "${secret}" HEADER X ${secret})`,
        `TEXT {${secret.length}+}\r\n${secret}`,
      ]) {
        await client.ok(`UID SEARCH RETURN (COUNT) ${key}`);
      }
    });
    expect(text).toMatch(/C t\d+ APPEND "INBOX" \(\\Flagged\) \{\d+\}/);
    expect(text).toMatch(/S \* 1 FETCH \(.*FLAGS \(\\Flagged.*ENVELOPE \[\d+\].* BODY\[\] \{\d+\}/);
    expect(text).toMatch(/C t\d+ UID SEARCH RETURN \(COUNT\) SUBJECT \[26\]/);
  });

  test('a line break of a name is no new line', async () => {
    const text = await traced(async (client) => {
      await client.ok('LOGIN ann "correct horse"');
      await client.command('STATUS {7+}\r\na\x1b[2J\x7fb (MESSAGES)');
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: just those must not be there
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  });
});

test('a user is traced in all sessions, from the sign-in on, and nobody else is', async () => {
  const before = await server.signIn('ann');
  const trace = await start({ user: 'ann' });
  const after = await server.signIn('ann');
  const other = await server.signIn('bob');
  for (const [n, client] of [before, after, other].entries()) await client.ok(`CREATE Things${n}`);
  const lines = await linesOf(trace);
  expect(lines.filter((line) => line.includes('CREATE "Things'))).toHaveLength(2);
  expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(4); // two sessions, the files, the trace itself
  expect(lines.at(-1)).toBe('- ended: stopped');
  await before.ok('CREATE More'); // nobody listens any more
  for (const client of [before, after, other]) client.close();
});

test('the file is the operator’s alone, has an end, and says why', async () => {
  const client = await server.signIn('ann');
  const trace = await start({ user: 'ann' }, 4096);
  const [file] = trace.files;
  expect((await stat(file?.path ?? '')).mode & 0o777).toBe(0o600);
  for (let n = 0; n < 100; n += 1) await client.ok('NOOP');
  const [report] = await server.operator.traces();
  expect(report).toMatchObject({ id: trace.id, ended: 'size' });
  expect(await server.operator.stopTrace(trace.id)).toBeUndefined();
  const size = async () => (await readFile(file?.path ?? '', 'utf8')).length;
  while ((await size()) !== report?.files[0]?.octets) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await size()).toBeLessThanOrEqual(4096);
  expect(await readFile(file?.path ?? '', 'utf8')).toMatch(/ - ended: size\n$/);
  client.close();
});

test('nobody is no session, and there are only so many traces', async () => {
  const request = { id: randomUUID(), minutes: 1, octets: 4096 };
  expect(await server.operator.startTrace({ ...request, subject: { session: randomUUID() } })).toEqual({
    ok: false,
    why: 'no-such-session',
  });
  for (let n = 0; n < TRACE.running; n += 1) await start({ user: `u${n}` });
  expect(await server.operator.startTrace({ ...request, subject: { user: 'x' } })).toEqual({
    ok: false,
    why: 'too-many',
  });
  for (const { id } of await server.operator.traces()) await server.operator.stopTrace(id);
});

test('one that is stopped while its file is being made does not run afterwards', async () => {
  const request = { id: randomUUID(), subject: { user: 'alice' }, minutes: 1, octets: TRACE.octets.usual };
  const started = server.operator.startTrace(request);
  const stopped = await server.operator.stopTrace(request.id);
  expect((await started).ok).toBe(true);
  expect(stopped?.ended).toBe('stopped');
  expect((await server.operator.traces()).filter(({ ended }) => ended === null)).toEqual([]);
});

test('a folder that cannot be made is told', async () => {
  await writeFile(join(server.maildir('x'), '../../traces'), '');
  const request = { id: randomUUID(), minutes: 1, octets: 4096, subject: { user: 'x' } };
  expect(await server.operator.startTrace(request)).toEqual({ ok: false, why: 'unwritable' });
});
