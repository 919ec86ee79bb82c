/** What reflogs tell of branches: whether commits were made on them. */
import { pathText } from '../plan/actions/path.ts';
import { type Asking, GitFailed } from './asking.ts';

/** A move of a branch. */
export interface ReflogEntry {
  /** Where it went. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** What git noted: `commit: Add a thing`. */
  readonly message: string;
}

/** The reflogs of references, by their names as texts; the newest entry first. Those without one are absent. */
export async function readReflogs(
  asking: Asking,
  refs: readonly string[],
  bytesOf: (ref: string) => Buffer,
): Promise<ReadonlyMap<string, readonly ReflogEntry[]>> {
  const logs = new Map<string, ReflogEntry[]>();
  if (refs.length === 0) return logs;
  const input = Buffer.concat(refs.map((ref) => Buffer.concat([bytesOf(ref), Buffer.from('\n')])));
  const args = ['log', '-g', '--stdin', '-z', '--date=unix', '--no-show-signature', '--format=%gD %H %gs'];
  try {
    await asking.records([args], { input }, (record) => {
      const [, ref = '', time = '', id = '', message = ''] = ENTRY.exec(record.toString('latin1')) ?? [];
      const name = pathText(Buffer.from(ref, 'latin1'));
      const entry = { id, time: Number(time), message };
      const log = logs.get(name);
      if (log === undefined) logs.set(name, [entry]);
      else log.push(entry);
    });
  } catch (error) {
    // A commit that a reflog names may be gone. Without reflogs less is proved, and nothing that is not so.
    if (!(error instanceof GitFailed) || error.failure.code !== 'failed') throw error;
    return new Map();
  }
  return logs;
}

const ENTRY = /^(.*)@\{(\d+)\} ([0-9a-f]+) (.*)$/s;

/** Whether an entry is of a commit that was made on the branch, or of several that were made anew there. */
export function isMadeThere({ id, message }: ReflogEntry): boolean {
  // Rebased onto a commit without any of its own left, it is that commit.
  const onto = /^(?:rebase|pull)\b.* onto ([0-9a-f]+)$/.exec(message)?.[1];
  if (onto !== undefined) return onto !== id;
  return /^(?:commit|cherry-pick|revert|am)\b|^(?:merge|pull)\b.*: Merge made by/.test(message);
}

/** Whether a reflog's first entry says that the branch was made then, so that nothing before it is missing. */
export const isCreation = ({ message }: ReflogEntry): boolean => /^(?:branch: Created|Branch: copied)/.test(message);
