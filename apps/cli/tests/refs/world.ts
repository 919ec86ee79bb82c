import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesInMemory } from '../../../../scripts/vitest-shared.ts';
import { type HereOptions, scorpioxHere } from '../support/here.ts';
import { type Ended, temporaryFolder } from '../support/scorpiox.ts';

// Many small files, on a disk each with a wait.
Object.assign(process.env, filesInMemory());

/** As `refs scan --json` prints it. */
interface Told {
  readonly kind: string;
  readonly repository: string;
  readonly file: string;
  readonly standing: string;
  readonly content: string;
  readonly form: string;
  readonly count: number;
  readonly lines: readonly number[];
  readonly mend: readonly string[];
}

export interface World {
  readonly folder: string;
  /** The folder that is scanned. */
  readonly code: string;
  readonly env: Readonly<Record<string, string>>;
  git(where: string, ...args: readonly string[]): string;
  /** Writes files below `code`. */
  write(files: Readonly<Record<string, string | Buffer>>): void;
  /** What a shell makes of a command line, in which git is that of this world. */
  shell(command: string): string;
  scan(args?: readonly string[], options?: HereOptions): Promise<Ended>;
  /** What was found, as lines `kind standing file form×count`; paths as seen from `code`. */
  told(args?: readonly string[]): Promise<readonly string[]>;
  json(args?: readonly string[]): Promise<readonly Told[]>;
}

/** A folder with a git configuration of its own. */
export async function makeWorld(): Promise<World> {
  const folder = await temporaryFolder();
  const code = join(folder, 'code');
  mkdirSync(code);
  const config = join(folder, 'gitconfig');
  writeFileSync(config, '[user]\n\tname = ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n');
  const env = { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_SYSTEM: '/dev/null', PATH: process.env.PATH ?? '' };
  const scan: World['scan'] = (args = [], options = {}) =>
    scorpioxHere(['refs', 'scan', code, '--from', '/Volumes/GitHub', ...args], { env, cwd: folder, ...options });
  const json: World['json'] = async (args = []) => JSON.parse((await scan([...args, '--json'])).stdout);
  return {
    folder,
    code,
    env,
    scan,
    json,
    git: (where, ...args) =>
      execFileSync('git', ['-C', join(code, where), ...args], { env, encoding: 'utf8', stdio: 'pipe' }),
    shell: (command) => execFileSync('sh', ['-c', command], { env, cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    write: (files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(code, name)), { recursive: true });
        writeFileSync(join(code, name), content);
      }
    },
    told: async (args) =>
      (await json(args)).map(({ kind, standing, repository, file, form, count, content }) => {
        const where = join(repository.replace(code, '').replace(/^\//, ''), file);
        const what = content === 'octets' ? '' : ` ${content}`;
        return `${kind} ${standing} ${where} ${form}×${count}${what}`;
      }),
  };
}
