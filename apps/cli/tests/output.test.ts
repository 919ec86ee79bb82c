import { describe, expect, it } from 'vitest';
import { CommandFailed } from '../src/command.ts';
import type { Io } from '../src/io.ts';
import { printRecord, printRecords } from '../src/output/print.ts';

function fakeIo(stdoutIsTerminal: boolean): { io: Pick<Io, 'out' | 'stdoutIsTerminal'>; printed: () => string } {
  let printed = '';
  const out = (text: string) => {
    printed += text;
  };
  return { io: { out, stdoutIsTerminal }, printed: () => printed };
}

describe('one thing', () => {
  it('has its fields labelled on a terminal', async () => {
    const { io, printed } = fakeIo(true);
    await printRecord(io, { name: 'shop', connectionString: 'x' }, {});
    expect(printed()).toBe('name              shop\nconnectionString  x\n');
  });

  it('is one line with its columns in a pipe, whatever the values hold', async () => {
    const { io, printed } = fakeIo(false);
    await printRecord(io, { name: 'a\tb\nc\\', key: null, last: 3 }, {});
    expect(printed()).toBe('a\\tb\\nc\\\\\t\t3\n');
  });

  it('is JSON on a terminal too when that was asked for', async () => {
    const { io, printed } = fakeIo(true);
    await printRecord(io, { name: 'a"b' }, { json: true });
    expect(JSON.parse(printed())).toEqual({ name: 'a"b' });
  });

  it('cannot drive the terminal it is shown on', async () => {
    const { io, printed } = fakeIo(true);
    await printRecord(io, { name: 'a\u001b[2Jb' }, {});
    expect(printed()).toBe('name  a\\u001b[2Jb\n');
  });
});

describe('several things', () => {
  const records = [
    { name: 'shop', days: 30 },
    { name: 'billing', days: null },
  ];

  it('are a table on a terminal, a line each in a pipe', async () => {
    const terminal = fakeIo(true);
    await printRecords(terminal.io, records, {});
    expect(terminal.printed()).toBe('name     days\nshop     30\nbilling\n');
    const pipe = fakeIo(false);
    await printRecords(pipe.io, records, { limit: 1 });
    expect(pipe.printed()).toBe('shop\t30\n');
  });

  it('go through a jq filter, texts without quotes', async () => {
    const { io, printed } = fakeIo(true);
    await printRecords(io, records, { jq: '.[] | .name, .days' });
    expect(printed()).toBe('shop\n30\nbilling\nnull\n');
  });

  it('go through a jq filter in their megabytes, each octet read once', async () => {
    const { io, printed } = fakeIo(true);
    const many = Array.from({ length: 30_000 }, (_, number) => ({ name: `app ${number} ☃`, days: number }));
    await printRecords(io, many, { jq: '[.[].days] | add' });
    expect(printed()).toBe(`${(30_000 * 29_999) / 2}\n`);
  });

  it.each(['.[', '.[] | .name | keys'])('a filter that does not work is a usage error: %s', async (jq) => {
    const { io, printed } = fakeIo(false);
    const failed = await printRecords(io, records, { jq }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandFailed);
    expect(failed).toMatchObject({ failure: { kind: 'usage', message: expect.stringMatching(/^The jq filter/) } });
    expect(printed()).toBe('');
  });
});
