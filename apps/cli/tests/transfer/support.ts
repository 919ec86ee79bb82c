/** Mail for transfers: sources are made, and what a user has is read back. */
import { createHash } from 'node:crypto';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMailStore, type StoreResult } from '@scorpiox/maildir';
import { type HereOptions, scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** An installation with users, and the tool with its state in it. */
export async function installation(...users: readonly string[]) {
  const home = await temporaryFolder();
  const dataDir = join(home, 'data');
  const env = { XDG_STATE_HOME: join(home, 'state'), SCORPIOX_DATA_DIR: dataDir };
  const run = (args: readonly string[], options: HereOptions = {}) =>
    scorpioxHere(args, { env, cwd: home, ...options });
  for (const user of users) await run(['user', 'add', user, '--password-stdin'], { input: 'secret' });
  return { home, dataDir, env, run, mailOf: (user: string) => readMail(join(dataDir, 'mail', user)) };
}

/** A message as it is compared: what digest.ts takes for the same, its flags and its date. */
export interface Seen {
  readonly hash: string;
  readonly flags: readonly string[];
  /** Seconds: an mbox and IMAP know no more. */
  readonly date: number;
}

export const hashOf = (content: Uint8Array): string =>
  createHash('sha256')
    .update(
      Buffer.from(
        Buffer.from(content)
          .toString('latin1')
          .replace(/(?<!\r)\n/g, '\r\n')
          .replace(/\r\n$/, ''),
        'latin1',
      ),
    )
    .digest('hex')
    .slice(0, 16);

/** All messages of a user by mailbox, in the order of their UIDs; mailboxes without any are left out. */
export async function readMail(home: string): Promise<Record<string, Seen[]>> {
  const store = value(await openMailStore({ maildir: join(home, 'Maildir'), indexFile: join(home, 'index.db') }));
  try {
    const mail: Record<string, Seen[]> = {};
    for (const { name, selectable } of value(await store.list())) {
      if (!selectable) continue;
      const mailbox = value(await store.open(name));
      for await (const records of mailbox.records()) {
        for (const { uid, flags, internalDate } of records) {
          const content = value(await mailbox.open(uid));
          const seen = {
            hash: hashOf(await content.read()),
            flags: [...flags].sort(),
            date: Math.floor(internalDate / 1000),
          };
          await content.close();
          mail[name] = [...(mail[name] ?? []), seen];
        }
      }
      await mailbox.close();
    }
    return mail;
  } finally {
    await store.close();
  }
}

/** A message for a Maildir. */
export interface Made {
  readonly content: string | Uint8Array;
  readonly date?: number;
  /** Letters of the name; without any it lies in new/. */
  readonly letters?: string;
}

/** Makes a folder of a Maildir; `directory` is '' for the inbox. */
export async function makeFolder(root: string, directory: string, messages: readonly Made[]): Promise<void> {
  const folder = join(root, directory);
  for (const name of ['cur', 'new', 'tmp']) await mkdir(join(folder, name), { recursive: true });
  for (const [at, { content, date = 1_600_000_000, letters }] of messages.entries()) {
    const base = `${1_600_000_000 + at}.M1P1.host`;
    const file = letters === undefined ? join(folder, 'new', base) : join(folder, 'cur', `${base}:2,${letters}`);
    await writeFile(file, content);
    await utimes(file, date, date);
  }
}
