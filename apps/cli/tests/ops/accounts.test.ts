import { writeFile } from 'node:fs/promises';
import { AccountsUnavailable } from '@scorpiox/shared/accounts';
import { accountsFile, loadConfig } from '@scorpiox/shared/config';
import { expect, it, vi } from 'vitest';
import { withAccounts } from '../../src/ops/accounts.ts';
import { deliver } from '../../src/ops/mail/deliver.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const { fails } = vi.hoisted(() => ({ fails: vi.fn() }));
vi.mock('@scorpiox/shared/accounts', async (original) => ({ ...(await original<object>()), openAccounts: fails }));

/** The accounts fail with this error of the system. */
async function failing(code: string) {
  const cause = Object.assign(new Error(code), { code });
  fails.mockImplementation(() => {
    throw new AccountsUnavailable('unavailable', 'The accounts cannot be used.', { cause });
  });
  const dataDir = await temporaryFolder();
  const config = loadConfig({ env: { SCORPIOX_DATA_DIR: dataDir }, flags: {}, cwd: '/' });
  if (!config.ok) throw new Error('no configuration');
  return config.value;
}

it.each([
  ['EPERM', 'not-permitted'],
  ['EROFS', 'not-permitted'],
  ['EIO', 'try-again'],
])('accounts that fail with %s are %s', async (code, kind) => {
  const found = await withAccounts(await failing(code), () => Promise.reject(new Error('never')));
  expect(found).toMatchObject({ ok: false, error: { kind } });
});

it('a mail server keeps the message where the accounts may not be read', async () => {
  const config = await failing('EPERM');
  await writeFile(accountsFile(config), '');
  const content = (async function* () {
    yield Buffer.from('Subject: x\n\n');
  })();
  const delivery = { user: 'alice', mailbox: 'INBOX', content, print: () => undefined };
  expect(await deliver(config, delivery)).toMatchObject({ ok: false, error: { kind: 'try-again' } });
});
