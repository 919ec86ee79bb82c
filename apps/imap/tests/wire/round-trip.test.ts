// Any command, written as a client would, split anywhere, is read as what it was.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CommandName } from '../../src/wire/command.ts';
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

it('has every command there is', () => {
  const names = new Set(fc.sample(command, { numRuns: 5_000, seed: 1 }).map(({ name }) => name));
  const all: { readonly [N in CommandName]: unknown } = {
    ...{ CAPABILITY: 1, NOOP: 1, LOGOUT: 1, ID: 1, STARTTLS: 1, AUTHENTICATE: 1, LOGIN: 1, ENABLE: 1, COMPRESS: 1 },
    ...{ SELECT: 1, EXAMINE: 1, CREATE: 1, DELETE: 1, RENAME: 1, SUBSCRIBE: 1, UNSUBSCRIBE: 1, LIST: 1, LSUB: 1 },
    ...{ NAMESPACE: 1, STATUS: 1, APPEND: 1, IDLE: 1, CHECK: 1, CLOSE: 1, UNSELECT: 1, EXPUNGE: 1, 'UID EXPUNGE': 1 },
    ...{ SEARCH: 1, FETCH: 1, STORE: 1, COPY: 1, MOVE: 1 },
  };
  // APPEND is read by the framer, with its message: see append.test.ts.
  expect([...names, 'APPEND'].sort()).toEqual(Object.keys(all).sort());
});
