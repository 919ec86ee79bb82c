import type { StoreErrorCode } from '@scorpiox/maildir';
import { expect, it } from 'vitest';
import { exitCodeOf } from '../../src/exit-codes.ts';
import { storeFailure } from '../../src/ops/mail/store.ts';

// What a mail server does with each: 75 keeps the message and tries again, everything else sends it back.
it.each<[StoreErrorCode, number]>([
  ['no-space', 75],
  ['quota-exceeded', 75],
  ['unavailable', 75],
  ['index-replaced', 75],
  ['incomplete', 75],
  ['no-such-mailbox', 75],
  ['access-denied', 77],
  ['too-large', 77],
  ['not-permitted', 77],
  ['invalid-name', 64],
])('tells a mail server of %s by %i', (code, exitCode) => {
  expect(exitCodeOf(storeFailure({ code, message: 'x' }).kind)).toBe(exitCode);
});
