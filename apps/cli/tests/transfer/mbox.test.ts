import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify } from '../../src/ops/transfer/digest.ts';
import { toLf } from '../../src/ops/transfer/line-ends.ts';
import { asctime, parseFromLine } from '../../src/ops/transfer/mbox/from-line.ts';
import { quote, unquote } from '../../src/ops/transfer/mbox/quoting.ts';
import type { MboxFormat } from '../../src/ops/transfer/mbox/scan.ts';
import { openMboxSource } from '../../src/ops/transfer/mbox/source.ts';
import { openMboxTarget } from '../../src/ops/transfer/mbox/target.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const never = new AbortController().signal;

async function* cut(octets: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < octets.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield octets.subarray(at, at + size);
    at += size;
  }
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

async function readMbox(text: string, format: MboxFormat = 'auto') {
  const folder = await temporaryFolder();
  const file = join(folder, 'box.mbox');
  await writeFile(file, Buffer.from(text, 'latin1'));
  return readFile(file, format);
}

async function readFile(file: string, format: MboxFormat = 'auto') {
  const source = await openMboxSource(file, format, never);
  if (!source.ok) throw new Error(source.error.message);
  const messages = [];
  for (const folder of source.value.folders) {
    for await (const message of folder.read(never, () => true)) {
      if (message.kind !== 'message') throw new Error(message.reason);
      const { flags, internalDate } = message;
      messages.push({ folder: folder.path.join('/'), content: await whole(message.open()), flags, internalDate });
    }
  }
  return { messages, passedOver: source.value.passedOver };
}

const contents = async (text: string, format?: MboxFormat) =>
  (await readMbox(text, format)).messages.map(({ content }) => content);

const NOV = 'Thu Nov 28 22:08:00 2026';

describe('the line that begins a message', () => {
  it.each([
    [`From alice@example.org ${NOV}`, Date.UTC(2026, 10, 28, 22, 8)],
    ['From - Mon Jun  3 12:50:27 1996', Date.UTC(1996, 5, 3, 12, 50, 27)],
    ['From 1795678@xxx Tue Jan 02 10:20:30 +0100 2024', Date.UTC(2024, 0, 2, 9, 20, 30)],
    ['From a Mon Jun 3 12:50 EST 1996', Date.UTC(1996, 5, 3, 17, 50)],
    ['From a Mon Jun 3 12:50:00 1996 -0730', Date.UTC(1996, 5, 3, 20, 20)],
    ['From "a b"@c Mon Jun 3 12:50:00 1996 remote from here', Date.UTC(1996, 5, 3, 12, 50)],
  ])('%s', (line, date) => expect(parseFromLine(line, '')?.date).toBe(date));

  it.each([
    ['From Russia with love', 'Year: 1963'],
    ['From - ', 'and on.'],
    ['From Monday on it is closed.', 'Hours: 9-5'],
    ['from a Mon Jun 3 12:50:00 1996', ''],
  ])('%s is text', (line, next) => expect(parseFromLine(line, next)).toBeUndefined());

  it('is written so that it is read', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        expect(parseFromLine(`From a@b ${asctime(seconds * 1000)}`, '')?.date).toBe(seconds * 1000);
      }),
    ));
});

const TEXT = fc.array(fc.constantFrom('From ', '>', 'F', 'Fro', '\n', '\r', '\r\n', 'a', '>>From ', ' '), {
  maxLength: 40,
});
const SIZES = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

describe('quoting', () => {
  it('is undone, however the octets are cut', () =>
    fc.assert(
      fc.asyncProperty(TEXT, SIZES, SIZES, async (parts, cuts, others) => {
        const text = parts.join('');
        const quoted = await whole(quote(cut(Buffer.from(text, 'latin1'), cuts)));
        expect(quoted).toBe(text.replace(/(?<=^|\n)(>*From )/g, '>$1'));
        expect(await whole(unquote(cut(Buffer.from(quoted, 'latin1'), others), 'mboxrd'))).toBe(text);
      }),
    ));

  it('of mboxo takes one sign away, and only where one stands', () =>
    fc.assert(
      fc.asyncProperty(TEXT, SIZES, async (parts, cuts) => {
        const text = parts.join('');
        expect(await whole(unquote(cut(Buffer.from(text, 'latin1'), cuts), 'mboxo'))).toBe(
          text.replace(/(?<=^|\n)>From /g, 'From '),
        );
      }),
    ));
});

it('line ends become LF, and are the same message however the octets are cut', () =>
  fc.assert(
    fc.asyncProperty(TEXT, SIZES, SIZES, async (parts, cuts, others) => {
      const octets = Buffer.from(parts.join(''), 'latin1');
      // What a store shows: no bare LF.
      const shown = Buffer.from(octets.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');
      const plain = Buffer.from(await whole(toLf(cut(shown, cuts))), 'latin1');
      expect(plain.toString('latin1').replace(/(?<!\r)\n/g, '\r\n')).toBe(shown.toString('latin1'));
      const identity = await identify(cut(octets, others));
      expect(await identify(cut(plain, cuts))).toEqual(identity);
      const bare = shown.toString('latin1').replace(/\r\n$/, '');
      expect(identity.size).toBe(bare.length);
      if (!bare.endsWith('\r\n')) expect(await identify([Buffer.from(bare, 'latin1')])).toEqual(identity);
    }),
  ));

describe('an mbox file', () => {
  const two = (first: string, second = 'Subject: b\n\nb\n') =>
    `From a@b ${NOV}\n${first}\nFrom a@b ${NOV}\n${second}\n`;

  it('has its messages, without the lines between them', async () => {
    expect(await contents(two('Subject: a\n\nline\n\n'))).toEqual(['Subject: a\n\nline\n\n', 'Subject: b\n\nb\n']);
    expect(await contents(two('Subject: a\n').replaceAll('\n', '\r\n'))).toEqual([
      'Subject: a\r\n',
      'Subject: b\r\n\r\nb\r\n',
    ]);
  });

  it('need not have empty lines between them, nor a line end at its end', async () => {
    expect(await contents(`From a ${NOV}\nX: 1\n\none\nFrom a ${NOV}\nX: 2\n\ntwo`)).toEqual([
      'X: 1\n\none\n',
      'X: 2\n\ntwo',
    ]);
  });

  it('may have messages without anything', async () => {
    expect(await contents(`From a ${NOV}\n\nFrom a ${NOV}\nFrom a ${NOV}\nX: 1\n\n`)).toEqual(['', '', 'X: 1\n']);
  });

  it('is unquoted as mboxrd, unless somebody knows better', async () => {
    const quoted = two('Subject: a\n\n>From here\n>>From there\n');
    expect((await contents(quoted))[0]).toBe('Subject: a\n\nFrom here\n>From there\n');
    expect((await contents(quoted, 'mboxo'))[0]).toBe('Subject: a\n\nFrom here\n>>From there\n');
    expect((await contents(quoted, 'mboxcl2'))[0]).toBe('Subject: a\n\n>From here\n>>From there\n');
  });

  it('is believed about lengths where they lead to the next message', async () => {
    const body = `one\nFrom a@b ${NOV}\nX: no message\n>From here\n`;
    const right = two(`Subject: a\nContent-Length: ${body.length}\n\n${body}`);
    expect(await contents(right)).toEqual([`Subject: a\n\n${body}`, 'Subject: b\n\nb\n']);
    expect(await contents(right, 'mboxrd')).toHaveLength(3);
    expect((await contents(right, 'mboxcl'))[0]).toBe(`Subject: a\n\n${body.replace('>From', 'From')}`);
    for (const wrong of [3, 1, 9_999]) {
      expect(await contents(two(`Subject: a\nContent-Length: ${wrong}\n\nlonger\n`))).toEqual([
        'Subject: a\n\nlonger\n',
        'Subject: b\n\nb\n',
      ]);
    }
  });

  it('counts lines that look like the first of a message and are none', async () => {
    const { messages, passedOver } = await readMbox(two('Subject: a\n\nFrom Russia with love\n\nFrom there\n'));
    expect(messages).toHaveLength(2);
    expect(passedOver).toEqual([expect.stringContaining('2 lines that begin with "From " were taken for text')]);
  });

  it('tells flags, keywords and dates, which are no part of the message', async () => {
    const { messages } = await readMbox(
      `From a ${NOV}\nSubject: a\nStatus: RO\nX-Status: AF\nX-Keywords: work $Label1    \nX-UID: 7\n\na\n\n` +
        `From - \nX-Mozilla-Status: 000d\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: $label2          \nReceived: from x\n by y; Mon, 3 Jun 1996 12:50:27 +0200 (CEST)\n\nb\n\n` +
        'From - \nStatus: open\nStatus: O\nDate: Tue, 4 Jun 1996 00:00:00 GMT\n\nc\n',
    );
    expect(messages).toEqual([
      {
        folder: 'box',
        content: 'Subject: a\n\na\n',
        flags: ['\\Seen', '\\Answered', '\\Flagged', 'work', '$Label1'],
        internalDate: Date.UTC(2026, 10, 28, 22, 8),
      },
      {
        folder: 'box',
        content: 'Received: from x\n by y; Mon, 3 Jun 1996 12:50:27 +0200 (CEST)\n\nb\n',
        flags: ['\\Seen', '\\Flagged', '\\Deleted', '$label2'],
        internalDate: Date.UTC(1996, 5, 3, 10, 50, 27),
      },
      {
        folder: 'box',
        content: 'Status: open\nDate: Tue, 4 Jun 1996 00:00:00 GMT\n\nc\n',
        flags: [],
        internalDate: Date.UTC(1996, 5, 4),
      },
    ]);
  });

  it('of Google has a mailbox for each place that labels tell', async () => {
    const one = (labels: string) =>
      `From 1@xxx Thu Nov 28 22:08:00 +0000 2026\nX-GM-THRID: 1\nX-Gmail-Labels: ${labels}\nSubject: x\n\n${labels}\n\n`;
    const { messages } = await readMbox(
      one('Inbox,Important,Starred,Category Promotions') +
        one('Archived,Unread,Work/2026,=?UTF-8?Q?Caf=C3=A9?=') +
        one('Sent,Opened') +
        one('Archived'),
    );
    expect(messages.map(({ folder, flags }) => [folder, flags])).toEqual([
      ['INBOX', ['\\Seen', '\\Flagged', '$Important', 'Category_Promotions']],
      ['Work/2026', ['Caf_']],
      ['Sent', ['\\Seen']],
      ['Archive', ['\\Seen']],
    ]);
    expect(messages[3]?.content).toBe('Subject: x\n\nArchived\n');
  });

  it('may begin with a note of a mail server to itself', async () => {
    const note = `From MAILER-DAEMON ${NOV}\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1234 5\nStatus: RO\n\nThis text\n\n`;
    const { messages, passedOver } = await readMbox(`${note}From a ${NOV}\nX: 1\n\none\n`);
    expect(messages.map(({ content }) => content)).toEqual(['X: 1\n\none\n']);
    expect(passedOver).toEqual([expect.stringContaining('a note of a mail server to itself')]);
  });

  it('has a header that is longer than is looked at', async () => {
    const long = `X: ${'a'.repeat(300_000)}\nStatus: RO\n\nbody\n`;
    expect(await contents(two(long))).toEqual([long, 'Subject: b\n\nb\n']);
  });
});

const PARTS = fc.array(
  fc.constantFrom(
    ...[
      `From a@b ${NOV}`,
      'From -',
      '>From ',
      'Status: R',
      'X-Keywords: k',
      'Content-Length: 9',
      'X-IMAP: 1 2',
      'Subject: FOLDER INTERNAL DATA',
    ],
    ...['X-Gmail-Labels: Trash', 'x', ' ', ':', '\n', '\n', '\n', '\r', '\r\n', '\0'],
  ),
  { minLength: 1, maxLength: 20 },
);
const FLAGS = fc.uniqueArray(fc.constantFrom('\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', 'k', '$x'));
const MESSAGES = fc.array(fc.record({ parts: PARTS, flags: FLAGS, seconds: fc.integer({ min: 0, max: 4e9 }) }), {
  maxLength: 6,
});

it('what an export writes comes back, whatever is in it', async () => {
  const folder = await temporaryFolder();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(MESSAGES, SIZES, async (made, cuts) => {
      number += 1;
      const file = join(folder, `${number}.mbox`);
      const target = await openMboxTarget(file);
      expect(await target.begin(new Float64Array())).toMatchObject({ ok: true });
      const expected = [];
      for (const { parts, flags, seconds } of made) {
        const content = Buffer.from(parts.join('').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');
        const outgoing = { content: () => cut(content, cuts), flags, internalDate: seconds * 1000, key: '', where: '' };
        const { landed } = await target.add([outgoing]);
        if (landed[0]?.kind !== 'landed') expect(content.toString()).toMatch(/^ /);
        else
          expected.push({
            identity: await identify([content]),
            flags: [...flags].sort(),
            internalDate: seconds * 1000,
          });
      }
      await target.end();
      await target.close();
      const { messages } = await readFile(file);
      const found = [];
      for (const { content, flags, internalDate } of messages) {
        const identity = await identify([Buffer.from(content, 'latin1')]);
        found.push({ identity, flags: [...flags].sort(), internalDate });
      }
      await rm(file);
      expect(found).toEqual(expected);
    }),
  );
});

const FOLDER = process.env.SCORPIOX_TEST_MAIL;
describe.skipIf(FOLDER === undefined)('mboxes of others', () => {
  it.each([
    ['mimekit-simple.mbox', 3],
    ['mimekit-unmunged.mbox', 2],
    ['mimekit-issue1189.mbox', 4],
    ['mimekit-content-length.mbox', 29],
  ])('%s has %d messages', async (name, count) => {
    expect((await readFile(join(FOLDER ?? '', 'mbox', name))).messages).toHaveLength(count);
  });

  it('are read to the end of a file that nobody cuts', async () => {
    const file = join(FOLDER ?? '', 'mbox', 'mimekit-content-length.mbox');
    const handle = await open(file);
    const { size } = await handle.stat();
    await handle.close();
    const read = (await readFile(file)).messages.reduce((sum, { content }) => sum + content.length, 0);
    expect(read).toBeGreaterThan(size * 0.97);
  });
});
