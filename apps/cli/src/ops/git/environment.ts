/** What git is started with: the caller's environment without what would point it elsewhere, or make it ask or write. */

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables of git's own that pass: whom and what the person's git is to be. All others of its names do not: GIT_DIR,
 * GIT_INDEX_FILE and the like stand there while a hook runs, and mean the hook's repository.
 */
const PASSES =
  /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|AUTHOR_\w+|COMMITTER_\w+|SSH(?:_COMMAND|_VARIANT)?|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+)$/;

/** How git is to behave. It takes no lock it can do without, asks nobody anything, and speaks English. */
const ALWAYS = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
} as const;

/** git.git's `transport.c`: of the transports, only those named here are allowed. A partial clone would fetch what it lacks. */
const NO_NETWORK = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' } as const;

/** The environment for git; `base` is the caller's, that of this process unless it is named. */
export function gitEnvironment(base: Environment = process.env, network = false): Environment {
  const kept = Object.entries(base).filter(([name]) => !name.startsWith('GIT_') || PASSES.test(name));
  return { ...Object.fromEntries(kept), ...ALWAYS, ...(network ? {} : NO_NETWORK) };
}
