import { describe, expect, it } from 'vitest';
import type { Io } from '../src/io.ts';
import { printRecord } from '../src/output.ts';

function fakeIo(stdoutIsTerminal: boolean): { io: Pick<Io, 'out' | 'stdoutIsTerminal'>; printed: () => string } {
  let printed = '';
  const out = (text: string) => {
    printed += text;
  };
  return { io: { out, stdoutIsTerminal }, printed: () => printed };
}

describe('printRecord', () => {
  it('labels the fields on a terminal', () => {
    const { io, printed } = fakeIo(true);
    printRecord(io, { name: 'shop', connectionString: 'x' }, { json: false });
    expect(printed()).toBe('name              shop\nconnectionString  x\n');
  });

  it('keeps one line and its columns in a pipe, whatever the values hold', () => {
    const { io, printed } = fakeIo(false);
    printRecord(io, { name: 'a\tb\nc\\', key: null, last: 3 }, { json: false });
    expect(printed()).toBe('a\\tb\\nc\\\\\t\t3\n');
  });

  it('prints JSON on a terminal too when it was asked for', () => {
    const { io, printed } = fakeIo(true);
    printRecord(io, { name: 'a"b' }, { json: true });
    expect(JSON.parse(printed())).toEqual({ name: 'a"b' });
  });
});
