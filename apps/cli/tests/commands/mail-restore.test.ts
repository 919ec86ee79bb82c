import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMailStore, parseMailboxName } from '@scorpiox/maildir';
import { expect, it, onTestFinished } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const MANY = 27; // one keyword more than there are letters

function mailbox(text: string) {
  const name = parseMailboxName(text);
  if (!name.ok) throw new Error(name.error.message);
  return name.value;
}

async function openStore(home: string) {
  const opened = await openMailStore({ maildir: join(home, 'Maildir'), indexFile: join(home, 'index.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

/** An account with mail of every kind, and its backup. */
async function installation() {
  const [dataDir, state] = [await temporaryFolder(), await temporaryFolder()];
  const from = join(await temporaryFolder(), 'backups');
  const env = { XDG_STATE_HOME: state };
  const run = (args: readonly string[], input = '') => scorpioxHere([...args, '--data-dir', dataDir], { input, env });
  await run(['user', 'add', 'alice', '--password-stdin'], 'secret');
  const home = join(dataDir, 'mail', 'alice');
  const store = await openStore(home);
  await store.create(mailbox('Späti.2026'));
  await store.subscribe(mailbox('Späti.2026'), true);
  const flags = Array.from({ length: MANY }, (_, at) => `k${at}`);
  for (const [at, to] of ['INBOX', 'INBOX', 'INBOX', 'Späti.2026', 'Sent'].entries()) {
    const content = Buffer.from(`Subject: ${at}\n\n${'line\n'.repeat(at * 20_000)}`);
    const given = { content, internalDate: 1_600_000_000_000 + at * 1_000, ...(at === 1 && { flags }) };
    await store.append(mailbox(to), at === 2 ? { ...given, flags: ['\\Seen', '\\Flagged'] } : given);
  }
  const inbox = await store.open(mailbox('INBOX'));
  if (!inbox.ok) throw new Error(inbox.error.message);
  await inbox.value.store(inbox.value.recent().slice(0, 1), { operation: 'add', flags: ['\\Deleted'] });
  await inbox.value.expunge(); // UID 1 is gone
  await store.setQuota({ storage: 10_000_000, messages: undefined });
  await store.close();
  await run(['mail', 'backup', 'alice', '--to', from]);
  const restore = (...more: string[]) => run(['mail', 'restore', 'alice', '--from', from, ...more]);
  const apply = () => restore('--apply', '--confirm=alice');
  return { run, restore, apply, home, from };
}

/** Everything of a Maildir that is mail: names, octets and dates. */
async function treeOf(maildir: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const path of await readdir(maildir, { recursive: true })) {
    const found = await stat(join(maildir, path));
    if (found.isDirectory()) tree[path] = 'directory';
    else if (/(^|\/)(cur|new)\//.test(path)) {
      tree[path] = `${(await readFile(join(maildir, path))).toString('base64')} ${Math.round(found.mtimeMs / 1000)}`;
    } else if (!path.startsWith('maildirsize')) tree[path] = await readFile(join(maildir, path), 'utf8');
  }
  return tree;
}

/** What a client would see. */
async function seen(home: string) {
  const store = await openStore(home);
  const listed = await store.list();
  if (!listed.ok) throw new Error(listed.error.message);
  const mailboxes: Record<string, unknown> = {};
  for (const info of listed.value) {
    const { name, selectable } = info;
    if (!selectable) continue;
    const opened = await store.open(name);
    if (!opened.ok) throw new Error(opened.error.message);
    const messages: unknown[] = [];
    for await (const slice of opened.value.records()) {
      for (const { modSeq: _, ...record } of slice) messages.push({ ...record, flags: [...record.flags].sort() });
    }
    const { uidValidity, mailboxId } = opened.value;
    mailboxes[name] = { ...info, uidValidity, mailboxId, messages };
  }
  const quota = await store.quota();
  await store.close();
  return { mailboxes, quota: quota.ok ? quota.value : undefined };
}

it('brings everything back after a loss: octets, flags, dates, mailboxes, subscriptions and UIDs', async () => {
  const { run, restore, apply, home } = await installation();
  const [tree, before] = [await treeOf(join(home, 'Maildir')), await seen(home)];
  await rm(home, { recursive: true });
  expect(await restore()).toMatchObject({ code: 3, stderr: expect.stringContaining('8 steps pending') });
  const unnamed = await restore('--apply', '--yes');
  expect(unnamed).toMatchObject({ code: 64, stderr: expect.stringContaining('Say --confirm=alice') });
  expect(await apply()).toMatchObject({ code: 0, stderr: expect.stringContaining('Done: 8 steps.') });
  expect(await treeOf(join(home, 'Maildir'))).toEqual(tree);
  expect(await seen(home)).toEqual(before);
  expect(await run(['mail', 'verify', 'alice'])).toMatchObject({ code: 0, stdout: '' });
  expect(await readdir(join(home, '..'))).toEqual(['alice']);
  expect(await apply()).toMatchObject({ code: 0, stderr: 'There is nothing to do.\n' });
});

it('gives no UID again that a client may have seen since the backup, and tells clients to look at all', async () => {
  const { home, apply } = await installation();
  const store = await openStore(home);
  const late = await store.append(mailbox('INBOX'), { content: Buffer.from('Subject: late\n\nlost\n') });
  if (!late.ok) throw new Error(late.error.message);
  const known = await store.status(mailbox('INBOX'));
  await store.close();
  await rm(home, { recursive: true });
  await apply();
  const restored = await openStore(home);
  const inbox = await restored.open(mailbox('INBOX'));
  const next = await restored.append(mailbox('INBOX'), { content: Buffer.from('Subject: next\n\nnew\n') });
  if (!inbox.ok || !next.ok || !known.ok) throw new Error('It was not restored.');
  expect(next.value.uidValidity).toBe(late.value.uidValidity);
  expect(next.value.uid).toBeGreaterThan(late.value.uid);
  // Whoever knows the state before the loss hears of every message, and has to compare UIDs.
  const since = known.value.highestModSeq;
  expect(inbox.value.changesSince(since).changed.length).toBeGreaterThanOrEqual(2);
  expect(inbox.value.historyFrom).toBeGreaterThan(since);
});

it('keeps what lies in its place aside where that has no messages, as after `user add`', async () => {
  const { run, apply, home } = await installation();
  const before = await seen(home);
  await rm(home, { recursive: true });
  await openStore(home).then((store) => store.close());
  const applied = await apply();
  expect(applied).toMatchObject({ code: 0 });
  expect(await seen(home)).toEqual(before);
  const kept = (await readdir(join(home, '..'))).filter((name) => name !== 'alice');
  expect(kept).toEqual([expect.stringMatching(/^\.before-restore-alice-\d+$/)]);
  expect((await run(['mail', 'verify'])).code).toBe(0);
});

it('brings back only what is missing where there is mail, once, wherever the rest was moved', async () => {
  const { run, restore, apply, home } = await installation();
  await run(['mail', 'deliver', 'alice'], 'Subject: new\n\nnew\n');
  const [cur, sent] = [join(home, 'Maildir', 'cur'), join(home, 'Maildir', '.Sent')];
  const files = await readdir(cur);
  const flagged = files.find((name) => name.includes('FS')) ?? '';
  const moved = files.find((name) => name !== flagged) ?? '';
  await rm(join(cur, flagged));
  await rename(join(cur, moved), join(home, 'Maildir', '.Trash', 'cur', moved));
  await rm(sent, { recursive: true });
  const plan: unknown = JSON.parse((await restore('--jq', '[.steps[].does]')).stdout);
  expect(plan).toEqual([
    expect.stringMatching(/^Bring 1 message \(.* bytes\) back into INBOX of alice, under new UIDs\.$/),
    expect.stringMatching(/^Make Sent of alice again, with 1 message /),
  ]);
  expect(await apply()).toMatchObject({ code: 0 });
  const { mailboxes } = await seen(home);
  const shown = Object.fromEntries(
    Object.entries(mailboxes).map(([name, of]) => [name, (of as { messages: { flags: string[] }[] }).messages]),
  );
  const [uids, dates] = [[3, 4, 5], [1_600_000_002_000]];
  expect(shown.INBOX?.map((message) => message.flags)).toEqual([[], ['\\Flagged', '\\Seen']]);
  expect(shown.INBOX).toMatchObject([{ uid: uids[1] }, { uid: uids[2], internalDate: dates[0] }]);
  expect([shown.Sent?.length, shown.Trash?.length]).toEqual([1, 1]);
  expect(await apply()).toMatchObject({ code: 0, stderr: 'There is nothing to do.\n' });
});

it('changes nothing where a message is not what it was, and leaves it out when told to', async () => {
  const { restore, apply, home, from } = await installation();
  await rm(home, { recursive: true });
  const sent = createHash('sha256')
    .update(`Subject: 4\n\n${'line\n'.repeat(80_000)}`)
    .digest('hex');
  await appendFile(join(from, 'alice', 'messages', sent.slice(0, 2), sent), '!');
  const { code, stderr } = await apply();
  expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('Verify the backup.') });
  await expect(readdir(home)).rejects.toThrow('ENOENT');
  expect(await restore('--apply', '--confirm=alice', '--partial')).toMatchObject({ code: 0 });
  const { mailboxes } = await seen(home);
  const counts = Object.entries(mailboxes).map(([name, of]) => [name, (of as { messages: unknown[] }).messages.length]);
  expect(Object.fromEntries(counts)).toMatchObject({ INBOX: 2, 'Späti.2026': 1, Sent: 0 });
});

it('goes on where it was interrupted', async () => {
  const { restore, apply, home, from } = await installation();
  const before = await seen(home);
  await rm(home, { recursive: true });
  // As far as a process came that died in the middle of a mailbox: one is whole, one has a message too few.
  const [name = ''] = (await readdir(join(from, 'alice'))).filter((one) => /^\d/.test(one));
  await apply();
  const staging = join(home, '..', `.restoring-alice-${name}`);
  await rename(home, staging);
  await rm(join(staging, 'index.db'));
  await mkdir(join(staging, 'staged'));
  await writeFile(join(staging, 'staged', 'INBOX'), '');
  const sent = join(staging, 'Maildir', '.Sent', 'new');
  for (const file of await readdir(sent)) {
    await rename(join(sent, file), join(staging, 'Maildir', '.Sent', 'tmp', file));
  }
  expect(await restore()).toMatchObject({ code: 3, stderr: expect.stringContaining('7 steps pending') });
  expect(await apply()).toMatchObject({ code: 0 });
  expect(await seen(home)).toEqual(before);
});

it('says what is wrong', async () => {
  const { run, restore, from } = await installation();
  expect(await run(['mail', 'restore', '--from', from])).toMatchObject({ code: 64 });
  expect(await run(['mail', 'restore', 'alice'])).toMatchObject({ code: 64 });
  expect(await run(['mail', 'restore', 'bob', '--from', from])).toMatchObject({ code: 67 });
  expect(await restore('--at', '2001')).toMatchObject({ code: 1, stderr: expect.stringContaining('the last is 2') });
  expect(await restore('--apply')).toMatchObject({ code: 0 }); // nothing is missing
});
