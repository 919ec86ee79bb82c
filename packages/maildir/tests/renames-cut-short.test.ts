import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import type { MailboxName, MaildirStore } from '../src/index.ts';
import { closeQuietly, errorOf, type Home, mail, name, newHome, value } from './helpers.ts';

const [A, B] = [name('A'), name('B')];
const COMMENT = '/private/comment';

/** What only the index knows of a mailbox, and what clients know it by. */
async function identityOf(store: MaildirStore, mailbox: MailboxName) {
  const { mailboxId, uidValidity, uidNext, messages } = value(await store.status(mailbox));
  const comments = value(await store.metadata(mailbox)).map(({ value }) => Buffer.from(value).toString());
  return { mailboxId, uidValidity, uidNext, messages, comments };
}

async function withMailbox() {
  const home = newHome();
  const store = await home.store();
  value(await store.create(A));
  value(await store.append(A, { content: mail('one') }));
  value(await store.setMetadata(A, [{ entry: COMMENT, value: Buffer.from('mine') }]));
  const identity = await identityOf(store, A);
  await closeQuietly(store);
  return { home, identity };
}

const namesOf = async (store: MaildirStore) => value(await store.list()).map((mailbox) => mailbox.name);

/** Begins to rename A to B on a file system that ends the attempt. */
async function cutShort(home: Home, fileSystem: FileSystem): Promise<void> {
  const store = await home.store({ fileSystem });
  await expect(store.rename(A, B).then((result) => errorOf(result))).resolves.toMatchObject({ code: 'unavailable' });
  await closeQuietly(store);
}

const broken = (): Error => Object.assign(new Error('the disk reports an error'), { code: 'EIO' });

test('a rename that ends between the folder and the index is finished by the next opening', async () => {
  const { home, identity } = await withMailbox();
  await cutShort(home, {
    ...nodeFileSystem,
    now: {
      ...nodeFileSystem.now,
      rename(from, to) {
        nodeFileSystem.now.rename(from, to);
        if (basename(to) === '.B') throw broken(); // the index hears nothing of it
      },
    },
  });
  const store = await home.store();
  expect(await namesOf(store)).toEqual(['INBOX', 'B']);
  expect(await identityOf(store, B)).toEqual(identity);
});

test('one that a power failure takes from the disk after the index has it is taken back', async () => {
  const { home, identity } = await withMailbox();
  let isCommitted = false;
  await cutShort(home, {
    ...nodeFileSystem,
    async syncDirectory(path) {
      if (path === home.maildir) throw broken();
      await nodeFileSystem.syncDirectory(path);
    },
    now: {
      ...nodeFileSystem.now,
      rename(from, to) {
        nodeFileSystem.now.rename(from, to);
        if (basename(to) === '.B') isCommitted = true;
      },
    },
  });
  expect(isCommitted).toBe(true);
  renameSync(join(home.maildir, '.B'), join(home.maildir, '.A'));
  const store = await home.store();
  expect(await namesOf(store)).toEqual(['INBOX', 'A']);
  expect(await identityOf(store, A)).toEqual(identity);
});

test('one that was not begun, or is done, is left as it is', async () => {
  const { home, identity } = await withMailbox();
  await cutShort(home, {
    ...nodeFileSystem,
    now: {
      ...nodeFileSystem.now,
      rename(from, to) {
        if (basename(to) === '.B') throw broken();
        nodeFileSystem.now.rename(from, to);
      },
    },
  });
  const store = await home.store();
  expect(await identityOf(store, A)).toEqual(identity);
  value(await store.rename(A, B));
  value(await store.create(A));
  await closeQuietly(store);
  const next = await home.store();
  expect(await identityOf(next, B)).toEqual(identity);
  expect((await identityOf(next, A)).mailboxId).not.toBe(identity.mailboxId);
});
