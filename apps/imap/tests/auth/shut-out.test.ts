/** Accounts that are disabled or removed lose their sessions, and others keep theirs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accounts, openAccounts } from '@scorpiox/shared/accounts';
import { expect, onTestFinished, test } from 'vitest';
import { ShutOut } from '../../src/server/shut-out.ts';
import { PASSWORD, startServer } from '../support/server.ts';

/** The accounts as two processes have them open. */
function openTwice(): readonly [Accounts, Accounts] {
  const folder = mkdtempSync(join(tmpdir(), 'imap-shut-out-'));
  const open = () => openAccounts(join(folder, 'accounts.db'));
  const [here, there] = [open(), open()];
  onTestFinished(() => {
    here.close();
    there.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return [here, there];
}

test('a disabled account’s sessions are told BYE, wherever they wait; nobody else’s are', async () => {
  const [here, there] = openTwice();
  for (const name of ['ann', 'bob']) await there.add({ name, password: PASSWORD });
  const server = await startServer(undefined, undefined, here);
  onTestFinished(() => server.stop());
  const shutOut = new ShutOut({ accounts: here, guests: () => server.listener.connections, trouble: () => {} });
  const [ann, bob, idle, stranger] = [
    await server.signIn('ann'),
    await server.signIn('bob'),
    await server.signIn('ann'),
    await server.connect(),
  ];
  await idle.ok('SELECT INBOX');
  idle.send('i IDLE\r\n');
  await idle.until('+');
  shutOut.look();
  await ann.ok('NOOP');

  await there.setDisabled('ann', true);
  shutOut.look();
  for (const client of [ann, idle]) {
    await client.until('* BYE');
    expect(await client.line()).toBeUndefined();
  }
  await bob.ok('NOOP');
  expect((await stranger.command(`LOGIN ann "${PASSWORD}"`)).result).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
  expect(server.log.join('')).toContain('"why":"disabled"');

  await there.setDisabled('ann', false);
  shutOut.look();
  await stranger.ok(`LOGIN ann "${PASSWORD}"`);
});

test('whoever signs in after the look, but was let in before the change, is caught by the next', () => {
  let disabled = false;
  const ended: string[] = [];
  const guest = (user: string) => ({ user, end: () => ended.push(user) });
  const guests: ReturnType<typeof guest>[] = [];
  const accounts = {
    changes: () => (disabled ? 2 : 1),
    find: (name: string) =>
      name === 'gone' ? undefined : { name, ...(disabled ? ({ disabled: true } as const) : {}) },
  };
  const shutOut = new ShutOut({ accounts, guests: () => guests, trouble: () => {} });
  shutOut.look();
  disabled = true;
  shutOut.look();
  guests.push(guest('ann'), guest('gone'));
  shutOut.look();
  expect(ended).toEqual(['ann', 'gone']);
});

test('accounts are asked once for each user while nobody changes them', () => {
  const asked: string[] = [];
  const accounts = {
    changes: () => 1,
    find: (name: string) => {
      asked.push(name);
      return { name };
    },
  };
  const guests = ['ann', 'ann', undefined, 'bob'].map((user) => ({ user, end: () => expect.unreachable() }));
  const shutOut = new ShutOut({ accounts, guests: () => guests, trouble: () => {} });
  shutOut.look();
  shutOut.look();
  expect(asked).toEqual(['ann', 'bob']);
});
