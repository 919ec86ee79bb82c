import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ImapClient } from '../../src/ops/imap-client/client.ts';
import { connectImap } from '../../src/ops/imap-client/connect.ts';
import type { Data, Status } from '../../src/ops/imap-client/response.ts';
import { type PeerOptions, startPeer, type Talk, tagOf } from '../support/imap-peer.ts';

async function connected(talk: Talk, options?: PeerOptions, patience?: number) {
  const peer = await startPeer(talk, options);
  const place = { host: '127.0.0.1', port: peer.port, security: 'none' } as const;
  const { client } = await connectImap(place, patience === undefined ? {} : { patience });
  return { client, peer };
}

/** What a command is told, and how it ends. */
async function told(client: ImapClient, command: string) {
  const untagged: (Data | Status)[] = [];
  const completed = await client.run([command], { untagged: (one) => void untagged.push(one) });
  return { ...completed, untagged };
}

const problem = (name: string, text: RegExp = /./) =>
  expect.objectContaining({ problem: name, message: expect.stringMatching(text) });

describe('commands', () => {
  it('are answered with what came before their end, however the octets are cut', async () => {
    const reply = (tag: string) =>
      `* FLAGS (\\Seen)\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY 42] valid\r\n* LIST () "/" {5}\r\na)"\r\n\r\n${tag} OK [READ-WRITE] done\r\n`;
    const expected = {
      condition: 'OK',
      code: { name: 'READ-WRITE', text: '' },
      text: 'done',
      untagged: [
        { type: 'data', name: 'FLAGS', number: undefined, values: [['\\Seen']] },
        { type: 'data', name: 'EXISTS', number: 3, values: [] },
        expect.objectContaining({ condition: 'OK', code: { name: 'UIDVALIDITY', text: '42' }, text: 'valid' }),
        { type: 'data', name: 'LIST', number: undefined, values: [[], '/', Buffer.from('a)"\r\n')] },
      ],
    };
    let cut = 0;
    const sendCut = async (socket: Socket, text: string) => {
      socket.write(text.slice(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      socket.write(text.slice(cut));
    };
    const { client } = await connected((line, socket) => void sendCut(socket.setNoDelay(true), reply(tagOf(line))));
    for (; cut < reply('A10').length; cut += 1) expect(await told(client, 'SELECT x')).toEqual(expected);
    client.close();
  });

  it('go out together when they are pipelined, and each gets its own', async () => {
    const waiting: string[] = [];
    const { client } = await connected((line, socket) => {
      waiting.push(tagOf(line));
      if (waiting.length === 2)
        socket.write(waiting.map((tag, at) => `* ${at} EXISTS\r\n${tag} OK ${at}\r\n`).join(''));
      return undefined;
    });
    const [first, second] = await Promise.all([told(client, 'NOOP'), told(client, 'NOOP')]);
    expect([first.text, first.untagged]).toEqual(['0', [expect.objectContaining({ number: 0 })]]);
    expect([second.text, second.untagged]).toEqual(['1', [expect.objectContaining({ number: 1 })]]);
    client.close();
  });

  it('a refusal is an answer for run, and an error with its code for ok', async () => {
    const { client } = await connected((line) => `${tagOf(line)} NO [OVERQUOTA] full\u001b[2J\r\n`);
    expect(await client.run(['CREATE x'])).toMatchObject({ condition: 'NO', code: { name: 'OVERQUOTA' } });
    const refused = await client.ok(['UID COPY 1 secret']).catch((error: unknown) => error);
    expect(refused).toEqual(problem('refused', /^The server answers UID COPY with NO: full\ufffd\[2J$/));
    expect(refused).toMatchObject({ code: 'OVERQUOTA' });
    client.close();
  });
});

describe('literals', () => {
  const message = Buffer.from('line\r\n'.repeat(2000));
  const append = { length: message.length, chunks: [message.subarray(0, 7), message.subarray(7)] };

  it('are sent when they are asked for, and behind them whatever was pipelined', async () => {
    const { client, peer } = await connected((line) => {
      if (line.endsWith('}')) return '+ go on\r\n';
      return /^A2|line (x)$/.test(line) || line === ' (x)'
        ? `${line.startsWith('A2') ? 'A2' : 'A1'} OK\r\n`
        : undefined;
    });
    const done = Promise.all([client.run(['APPEND x ', append, ' (x)']), client.run(['NOOP'])]);
    expect(await done).toMatchObject([{ condition: 'OK' }, { condition: 'OK' }]);
    expect(peer.lines[0]).toBe(`A1 APPEND x {${message.length}}`);
    expect(peer.lines.slice(1, -2).join('\r\n')).toBe(message.toString().trimEnd());
    expect(peer.lines.slice(-2)).toEqual([' (x)', 'A2 NOOP']);
    client.close();
  });

  it('that take long to send are no silence of the server', async () => {
    const answers = (line: string) => (line === 'the end' ? 'A1 OK\r\n' : line.endsWith('}') ? '+ \r\n' : undefined);
    const { client } = await connected(answers, undefined, 1_500);
    const slowly = async function* () {
      for (let chunk = 0; chunk < 8; chunk += 1) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        yield Buffer.from('chunk\r\n');
      }
      yield Buffer.from('the end');
    };
    const literal = { length: 8 * 7 + 7, chunks: slowly() };
    expect(await client.run(['APPEND x ', literal])).toMatchObject({ condition: 'OK' });
    client.close();
  });

  it('are not sent where they are refused', async () => {
    const { client, peer } = await connected((line) => `${tagOf(line)} NO too large\r\n`);
    expect(await client.run(['APPEND x ', append])).toMatchObject({ condition: 'NO' });
    expect(await client.run(['NOOP'])).toMatchObject({ condition: 'NO' });
    expect(peer.lines).toEqual([`A1 APPEND x {${message.length}}`, 'A2 NOOP']);
    client.close();
  });

  it('small ones need not be asked for where the server says so', async () => {
    const greeting = '* OK [CAPABILITY IMAP4rev2] peer\r\n';
    const { client, peer } = await connected((line) => (line === 'é!' ? 'A1 OK\r\n' : undefined), { greeting });
    const octets = Buffer.from('é!', 'latin1');
    expect(await client.run(['SELECT ', { length: octets.length, chunks: [octets] }])).toMatchObject({
      condition: 'OK',
    });
    expect(peer.lines).toEqual(['A1 SELECT {2+}', 'é!']);
    client.close();
  });

  const fetch = (tag: string) =>
    `* 1 FETCH (UID 9 BODY[] {${message.length}}\r\n${message} FLAGS (\\Seen))\r\n${tag} OK\r\n`;

  it('of FETCH are streamed, whether they are taken or not', async () => {
    const { client } = await connected((line) => fetch(tagOf(line)));
    for (const takes of ['all', 'some', 'none']) {
      const hash = createHash('sha256');
      const untagged: unknown[] = [];
      let about: unknown;
      await client.ok(['UID FETCH 9 (BODY.PEEK[])'], {
        untagged: (one) => void untagged.push(one),
        literal: async ({ before, length, chunks }) => {
          about = { before, length };
          if (takes === 'none') return;
          for await (const chunk of chunks) {
            hash.update(chunk);
            if (takes === 'some') break;
          }
        },
      });
      expect(about).toEqual({ before: '* 1 FETCH (UID 9 BODY[] ', length: message.length });
      if (takes === 'all') expect(hash.digest('hex')).toBe(createHash('sha256').update(message).digest('hex'));
      expect(untagged).toMatchObject([
        { values: [['UID', '9', 'BODY[]', { streamed: message.length }, 'FLAGS', ['\\Seen']]] },
      ]);
    }
    client.close();
  });

  it('a handler that throws ends the connection, and every command with it', async () => {
    const { client } = await connected((line) => fetch(tagOf(line)));
    const literal = async () => {
      throw new Error('disk full');
    };
    const both = await Promise.allSettled([client.run(['FETCH 1 BODY[]'], { literal }), client.run(['NOOP'])]);
    expect(both.map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
      'Error: disk full',
      'Error: disk full',
    ]);
    await expect(client.run(['NOOP'])).rejects.toEqual(problem('closed'));
  });

  it('too much for memory, with nobody to take it, is refused', async () => {
    const { client } = await connected((line) => `* 1 FETCH (BODY[] {999999999}\r\n${tagOf(line)}`);
    await expect(client.run(['FETCH 1 BODY[]'])).rejects.toEqual(problem('protocol', /999999999 octets/));
  });
});

describe('a dialogue that breaks', () => {
  it.each<[string, Talk, string, RegExp]>([
    ['BYE', () => '* BYE maintenance\u0007\r\n', 'closed', /^The server hung up: maintenance\ufffd\.$/],
    ['no word at all', () => undefined, 'silent', /said nothing/],
    ['half a literal', () => '* 1 FETCH (BODY[] {99}\r\nhalf', 'closed', /hung up/],
    ['another tag', () => 'B1 OK\r\n', 'protocol', /nobody sent/],
    ['what is no IMAP', () => 'HTTP/1.1 400 Bad Request\r\n', 'protocol', /not IMAP/],
    ['parentheses', (line) => `* LIST (\r\n${tagOf(line)} OK\r\n`, 'protocol', /parentheses/],
    ['a line without end', () => 'x'.repeat(17 * 1024 ** 2), 'protocol', /a line of more than/],
  ])('%s', async (what, talk, name, text) => {
    const ends = what === 'BYE' || what === 'half a literal';
    const { client } = await connected(
      (line, socket) => {
        const said = talk(line, socket);
        if (!ends || said === undefined) return said;
        socket.end(said, 'latin1');
        return undefined;
      },
      undefined,
      what === 'no word at all' ? 2_000 : undefined,
    );
    const both = await Promise.allSettled([
      client.run(['NOOP']),
      client.run(['APPEND x ', { length: 1e6, chunks: [] }]),
    ]);
    expect(both.map((one) => one.status === 'rejected' && one.reason)).toEqual([
      problem(name, text),
      problem(name, text),
    ]);
  });
});
