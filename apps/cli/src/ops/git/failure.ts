import type { Failure, FailureKind } from '../failure.ts';

/** Why git did not do what it was asked. `message` is a whole sentence. */
export interface GitFailure {
  readonly code: /** There is no git on this machine, or it cannot be run. */
    | 'no-git'
    /** The repository belongs to somebody else, and git was not told to trust it (safe.directory). */
    | 'not-trusted'
    /** git sees no repository where one was. */
    | 'not-a-repository'
    /** Its answer is longer than is held at once. */
    | 'too-long'
    | 'interrupted'
    /** Anything else that git ends with. */
    | 'failed';
  readonly message: string;
}

const KINDS: Readonly<Record<GitFailure['code'], FailureKind>> = {
  'no-git': 'unavailable',
  'not-trusted': 'not-permitted',
  'not-a-repository': 'error',
  'too-long': 'error',
  interrupted: 'interrupted',
  failed: 'error',
};

/** The same as a command's failure. */
export const failureOfGit = ({ code, message }: GitFailure): Failure => ({ kind: KINDS[code], message });

/** What a git that ended with a code means, by what it said on standard error. */
export function explainGit(command: string, exit: string, said: string): GitFailure {
  const text = withoutCredentials(said);
  if (text.includes('detected dubious ownership')) return notTrusted(text);
  const line = firstOf(text);
  if (line.includes('not a git repository'))
    return { code: 'not-a-repository', message: `git sees no repository here: ${line}.` };
  return { code: 'failed', message: `git ${command} ended with ${exit}${line === '' ? '' : `: ${line}`}.` };
}

function notTrusted(text: string): GitFailure {
  const [, where = 'the repository'] = /in repository at '([^']*)'/.exec(text) ?? [];
  const remedy =
    /git config --global --add safe\.directory .*/.exec(text)?.[0] ?? 'git config --global --add safe.directory PATH';
  return {
    code: 'not-trusted',
    message: `git does not trust ${where}, since it belongs to somebody else. If you do: \`${remedy.trim()}\`.`,
  };
}

/** The line that tells what is wrong: the first that git marks so, else the first. */
function firstOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const marked = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? '';
  return marked.replace(/^(fatal|error): /, '').replace(/[.\s]+$/, '');
}

/** A remote's address may hold a password: `https://name:secret@host`. */
const withoutCredentials = (text: string): string => text.replace(/:\/\/[^/@\s]*@/g, '://');
