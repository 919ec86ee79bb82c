import { join } from 'node:path';
import { type BackupFinding, verifyBackup } from '@scorpiox/maildir';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { backupFailure } from './failure.ts';
import { usersIn } from './users-in.ts';

interface VerifyRequest {
  /** Whose backups; none: of all that lie there. They need not have accounts any more. */
  readonly users: readonly string[];
  /** The folder that keeps backups. Absolute. */
  readonly from: string;
  /** Which backup; the newest when absent. */
  readonly at?: string;
  /** How many findings are kept; further ones are counted. */
  readonly most: number;
  readonly signal: AbortSignal;
  readonly onProgress: (messages: number) => void;
}

/** A finding as it is shown. */
type ShownFinding = { readonly user: string } & Pick<BackupFinding, 'fault' | 'path' | 'message'>;

export interface VerifiedBackups {
  readonly findings: readonly ShownFinding[];
  readonly faults: number;
  readonly users: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Reads backups to their last octet and compares them with their manifests; it changes nothing. */
export async function verifyBackups(
  config: Config,
  { users: named, from, at, most, signal, onProgress }: VerifyRequest,
): Promise<Result<VerifiedBackups, Failure>> {
  const users = await usersIn(from, named);
  if (!users.ok) return users;
  const findings: ShownFinding[] = [];
  const count = { faults: 0, messages: 0, bytes: 0 };
  for (const user of users.value) {
    const before = { ...count };
    const note = (messages: number, bytes: number): void => {
      count.messages = before.messages + messages;
      count.bytes = before.bytes + bytes;
      onProgress(count.messages);
    };
    const options = { root: join(from, user), signal, onProgress: note, ...(at === undefined ? {} : { name: at }) };
    try {
      for await (const { fault, path, message } of verifyBackup(options)) {
        count.faults += 1;
        if (findings.length < most) findings.push({ user, fault, path, message });
      }
    } catch (error) {
      if (signal.aborted) return err({ kind: 'interrupted', message: 'Stopped; not all was looked at.' });
      return err(backupFailure(config, user, error));
    }
  }
  return ok({ findings, users: users.value.length, ...count });
}
