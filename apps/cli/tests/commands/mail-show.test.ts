import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const ESC = '\u001b';

const MESSAGE = [
  'From: =?utf-8?q?B=C3=A4rbel?= <baerbel@example.net>',
  `Subject: =?utf-8?b?${Buffer.from(`hot${ESC}]0;owned\u0007 \u009b31m`).toString('base64')}?=`,
  'To: alice@example.net',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  `Gr=FC=DFe ${ESC}[2Jgone=1B[2J`,
  '--a',
  'Content-Type: text/html',
  '',
  '<p>not <b>this</b></p>',
  '--a--',
  '--b',
  'Content-Type: application/octet-stream; name="=?utf-8?q?=E2=82=AC=2Ebin?="',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment',
  '',
  Buffer.from([1, 27, 255]).toString('base64'),
  '--b--',
  '',
].join('\n');

async function installation(message = MESSAGE) {
  const dataDir = await temporaryFolder();
  const run = (args: readonly string[], input = '', atTerminal?: true) =>
    scorpioxHere([...args, '--data-dir', dataDir], { input, ...(atTerminal && { atTerminal }) });
  await run(['user', 'add', 'alice', '--password-stdin'], 'secret');
  await run(['mail', 'deliver', 'alice'], message);
  const show = (args: readonly string[], atTerminal?: true) =>
    run(['mail', 'show', 'alice', 'INBOX', '1', ...args], '', atTerminal);
  return { run, show };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DRIVES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

it('shows what a person reads, and nothing that drives a terminal', async () => {
  const { show } = await installation();
  const { code, stdout } = await show([]);
  expect(code).toBe(0);
  expect(stdout.replace(/UID 1, [^,]+Z/, 'UID 1, TIME')).toBe(
    [
      'From:    Bärbel <baerbel@example.net>',
      'To:      alice@example.net',
      'Subject: hot\\u001b]0;owned\\u0007 \\u009b31m',
      `In:      INBOX, UID 1, TIME, ${MESSAGE.length.toLocaleString('en')} bytes`,
      'Part:    1.1 text/plain, 24 bytes',
      'Part:    1.2 text/html, 22 bytes',
      'Part:    2 application/octet-stream, "€.bin", 4 bytes',
      '',
      'Grüße \\u001b[2Jgone\\u001b[2J',
      '',
    ].join('\n'),
  );
});

it.each([
  [[]],
  [['--headers']],
  [['--raw']],
  [['--part', '1.1']],
  [['--part', '2']],
  [['--json']],
  [['--jq', '.headers[1].value, .text']],
])('writes nothing to a terminal that could drive it: %j', async (args) => {
  const { show } = await installation();
  const { code, stdout } = await show(args, true);
  expect(code).toBe(0);
  expect(stdout).not.toMatch(DRIVES);
  expect(stdout).not.toBe('');
});

it('gives octets as they are where no terminal is', async () => {
  const { show } = await installation();
  expect((await show(['--raw'])).stdout).toBe(MESSAGE);
  expect(Buffer.from((await show(['--part', '2'])).stdout, 'latin1')).toEqual(Buffer.from([1, 27, 255]));
  expect((await show(['--part', '1.1'])).stdout).toBe(
    Buffer.from(`Gr\xfc\xdfe ${ESC}[2Jgone${ESC}[2J`, 'latin1').toString('latin1'),
  );
});

it('tells programs the same', async () => {
  const { show } = await installation();
  const shown: unknown = JSON.parse((await show(['--json'])).stdout);
  expect(shown).toMatchObject({
    ...{ user: 'alice', mailbox: 'INBOX', uid: 1, size: MESSAGE.length, flags: [], isCut: false },
    text: `Grüße ${ESC}[2Jgone${ESC}[2J`,
    parts: [
      { part: '1.1', type: 'text/plain', name: null, size: 24 },
      { part: '1.2', type: 'text/html', name: null, size: 22 },
      { part: '2', type: 'application/octet-stream', name: '€.bin', size: 4 },
    ],
  });
  expect(Object.keys(shown ?? {})).toEqual([
    ...['user', 'mailbox', 'uid', 'date', 'size', 'flags', 'headers', 'text', 'isCut', 'parts'],
  ]);
});

it('makes plain text of HTML where there is nothing else', async () => {
  const html = '<head><title>x</title></head><p>a&nbsp;&lt;b&gt;<br>c<script>evil()</script></p><div>d</div>';
  const { show } = await installation(`Content-Type: text/html\n\n${html}\n`);
  expect((await show(['--jq', '.text'])).stdout).toBe('a <b>\nc\n\nd\n');
});

it('leaves a message unseen', async () => {
  const { run, show } = await installation();
  await show([]);
  expect((await run(['mail', 'status', 'alice', 'INBOX', '--jq', '[.unseen, .recent]'])).stdout).toBe('[1,1]\n');
});

it('says what is wrong', async () => {
  const { run, show } = await installation();
  expect(await show(['--part', '7'])).toMatchObject({ code: 1, stderr: expect.stringContaining('it has 1.1, 1.2, 2') });
  expect(await show(['--raw', '--headers'])).toMatchObject({ code: 64, stdout: '' });
  for (const [uid, code] of [
    ['2', 1],
    ['0', 64],
    ['1x', 64],
  ] as const) {
    expect(await run(['mail', 'show', 'alice', 'INBOX', uid])).toMatchObject({ code, stdout: '' });
  }
});
