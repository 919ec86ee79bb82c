/** Repositories for tests, made by git itself: what the machine's own configuration says does not reach them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesInMemory } from '../../../../scripts/vitest-shared.ts';

// git writes many small files, on a disk each with a wait.
Object.assign(process.env, filesInMemory());

/** The first commit's time, seconds since 1970; each thing that git does is a minute after the one before. */
const FIRST = Date.parse('2026-03-01T09:00:00Z') / 1000;

/** What git is given: nobody's configuration, one author. */
export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  PATH: process.env.PATH ?? '/usr/bin:/bin',
} as const;

/** Each commit would start another git, which looks whether there is something to tidy up. */
const NO_MAINTENANCE = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'maintenance.auto',
  GIT_CONFIG_VALUE_0: 'false',
} as const;

/** A folder that git works in. */
export class GitFolder {
  readonly path: string;
  #seconds: number;

  constructor(path: string, seconds = FIRST) {
    this.path = path;
    this.#seconds = seconds;
  }

  /** Runs git here; what it prints, without the last line end. Throws with what git says where it fails. */
  git(...args: readonly string[]): string {
    return this.gitWith({}, ...args);
  }

  /** The same with standard input or other variables. */
  gitWith(
    options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
    ...args: readonly string[]
  ): string {
    this.#seconds += 60;
    const date = `${this.#seconds} +0000`;
    const output = execFileSync('git', args, {
      cwd: this.path,
      env: { ...GIT_ENV, ...NO_MAINTENANCE, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, ...options.env },
      input: options.input ?? '',
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 ** 2,
    });
    return output.toString().replace(/\n$/, '');
  }

  /** Lets time pass: what is done from now on is so many days later. */
  later(days: number): void {
    this.#seconds += days * 86_400;
  }

  /** Writes a file, its folders too. */
  write(name: string, content: string | Uint8Array): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** Writes files and commits everything; the commit's id. */
  commit(message: string, files: Readonly<Record<string, string>> = {}): string {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.#head();
  }

  /** The commit that was just made: where that is plain to see, without another process. */
  #head(): string {
    try {
      const [, ref = ''] = /^ref: (.+)\n$/.exec(readFileSync(join(this.path, '.git/HEAD'), 'utf8')) ?? [];
      return readFileSync(join(this.path, '.git', ref), 'utf8').trimEnd();
    } catch {
      return this.git('rev-parse', 'HEAD');
    }
  }
}

/** Makes a repository in a folder, which is made as well. Its branch is `main`. */
export function makeRepository(path: string, ...options: readonly string[]): GitFolder {
  mkdirSync(path, { recursive: true });
  const folder = new GitFolder(path);
  folder.git('init', '--quiet', '--initial-branch=main', ...options);
  return folder;
}
