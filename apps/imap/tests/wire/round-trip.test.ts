// Any command, written as a client would, split anywhere, is read as what it was.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Framer } from '../../src/wire/framer.ts';
import { AFTER_SIGN_IN } from '../../src/wire/limits.ts';
import { parseCommand } from '../../src/wire/parse.ts';
import { command } from './arbitrary-command.ts';
import { printCommand } from './print-command.ts';
import { cut } from './transcript.ts';

const style = fc.record({ literals: fc.boolean(), utf8: fc.boolean() });

it('reads every command back, in every style, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(command, { minLength: 1, maxLength: 4 }),
      style,
      fc.integer({ min: 1, max: 80 }),
      (all, how, size) => {
        const framer = new Framer(AFTER_SIGN_IN);
        framer.setOptions(how);
        const read: unknown[] = [];
        for (const chunk of cut(all.map((body, i) => `t${i} ${printCommand(body, how)}\r\n`).join(''), size)) {
          framer.push(chunk);
          for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
            read.push(frame.kind === 'command' ? parseCommand(frame.raw, how) : frame);
          }
        }
        expect(read).toEqual(all.map((body, i) => ({ ok: true, value: { tag: `t${i}`, body } })));
        expect(framer.buffered).toBe(0);
      },
    ),
    { numRuns: 3_000 },
  );
});
