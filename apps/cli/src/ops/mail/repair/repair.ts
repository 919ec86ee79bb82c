/*
 * Mending mail
 *
 * What `mail verify` finds is mended by steps of a plan (../../plan/plan.ts), all of which can be undone: files are renamed or
 * set aside into `set-aside/` beside the Maildir, never removed; what the files have lost (mode, owner, date) is set right.
 *
 * All of it may run beside a mail server, which takes a rename or a new name as any other program's; but for the numbers of
 * an index, which whoever has the mail open keeps in mind. Those are set while nobody has.
 */
import { stat } from 'node:fs/promises';
import { type Finding, numberRemedies, verifyMaildir } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { REPAIRS_AT_ONCE } from '../../limits.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { unreadableMail, usersOf } from '../users.ts';
import { type FaultyFile, mendFile } from './files.ts';
import { mendFolder } from './folders.ts';
import { mendIndex, mendNumbers } from './index-steps.ts';
import type { Mending } from './mending.ts';

interface RepairRequest {
  /** Accounts; none: all of them. */
  readonly users: readonly string[];
  /** Whether messages are read as well. */
  readonly contents: boolean;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Called now and then, with how many messages were looked at so far. */
  readonly onProgress?: (messages: number) => void;
}

interface RepairPlan {
  readonly plan: Plan;
  /** Faults that no step mends, with the reason, a sentence each. */
  readonly left: readonly string[];
}

/** The plan that mends what is wrong with the mail of accounts. Changes nothing. */
export async function planRepair(config: Config, request: RepairRequest): Promise<Result<RepairPlan, Failure>> {
  const users = await usersOf(config, request.users);
  if (!users.ok) return users;
  const planner = new Planner(ACTIONS);
  const left: string[] = [];
  let messages = 0;
  for (const user of users.value) {
    try {
      messages += await planFor(config, user, { request, planner, left, before: messages });
    } catch (error) {
      // Whoever never got mail has none that could be wrong.
      if (request.users.length === 0 && systemErrorCode(error) === 'ENOENT') continue;
      return err(unreadableMail(config, user, error));
    }
  }
  return ok({ plan: { title: 'mail repair', steps: planner.steps }, left });
}

interface Collected {
  readonly request: RepairRequest;
  readonly planner: Planner;
  readonly left: string[];
  /** Messages that were looked at before. */
  readonly before: number;
}

/** Adds one account's steps; how many messages it has. */
async function planFor(config: Config, user: string, { request, planner, left, before }: Collected): Promise<number> {
  const places = mailPlaces(config, user);
  let messages = 0;
  const onProgress = (_: number, seen: number): void => {
    messages = seen;
    request.onProgress?.(before + seen);
  };
  const { clock = Date.now } = request;
  const faults = await collect(verifyMaildir({ ...places, contents: request.contents, onProgress }));
  const { uid: owner } = await stat(places.maildir);
  const mending: Mending = {
    user,
    ...places,
    owner,
    planner,
    now: clock(),
    leave: (why) => left.push(`${user}: ${why}`),
  };
  for (const { path } of faults.folders) await mendFolder(mending, path);
  for (const file of faults.files) {
    if (planner.steps.length < REPAIRS_AT_ONCE) await mendFile(mending, file);
  }
  if (faults.isCut || planner.steps.length >= REPAIRS_AT_ONCE) {
    mending.leave('there are more faults than one plan takes. Repair once more afterwards.');
  }
  for (const remedy of numberRemedies(places)) await mendNumbers(mending, remedy);
  for (const { fault, message } of faults.index) await mendIndex(mending, fault, message);
  return messages;
}

/** What was found, put together by what it is about. */
interface Faults {
  readonly folders: readonly Finding[];
  readonly files: Iterable<FaultyFile>;
  readonly index: readonly Finding[];
  /** Whether there are more than are kept. */
  readonly isCut: boolean;
}

async function collect(findings: AsyncIterable<Finding>): Promise<Faults> {
  const files = new Map<string, FaultyFile>();
  const [folders, index]: [Finding[], Finding[]] = [[], []];
  let isCut = false;
  for await (const found of findings) {
    if (found.level === 'note') continue;
    if (found.fault === 'no-directory') folders.push(found);
    else if (found.mailbox === '') index.push(found);
    else if (found.file !== undefined) {
      const known = files.get(found.path);
      if (known === undefined && files.size === REPAIRS_AT_ONCE) isCut = true;
      else files.set(found.path, add(known, found.path, found, found.file));
    }
  }
  return { folders, files: files.values(), index, isCut };
}

/** A file's faults, and all that was learnt of it by each. */
function add(known: FaultyFile | undefined, path: string, found: Finding, file: FaultyFile['file']): FaultyFile {
  return { path, file: { ...known?.file, ...file }, findings: [...(known?.findings ?? []), found] };
}
