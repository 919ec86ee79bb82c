/*
 * Which database is meant
 *
 * `--on`, `--from` and `--to` take: nothing (the configured one), `sqlite:FILE`, `mssql://USER@HOST:PORT/DATABASE`, and `@FILE`,
 * a file that holds one of these, with its password. On a command line a password would show in lists of processes and in
 * the shell's history, so there it is refused.
 *
 * An address without a password gets the one of the configured database where that is on the same server under the same
 * user; so does a step of a plan, which names its database and never its password. Otherwise it is asked for.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type DatabaseLocation, parseDatabase, secret } from '@scorpiox/shared/config';
import { nameOf } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../failure.ts';
import { ADDRESS_FILE_MAX } from './limits.ts';

type ServerLocation = Extract<DatabaseLocation, { kind: 'mssql' }>;

/** What an address is resolved against. */
export interface Surroundings {
  readonly configured: DatabaseLocation;
  readonly cwd: string;
  /** Asks for the password of a server; undefined where nobody can be asked, or nobody answers. */
  readonly ask: (server: string) => Promise<string | undefined>;
}

/** The database that an option names. */
export async function readTarget(
  written: string | undefined,
  around: Surroundings,
): Promise<Result<DatabaseLocation, Failure>> {
  if (written === undefined) return ok(around.configured);
  if (written.startsWith('@')) return readAddressFile(resolve(around.cwd, written.slice(1)));
  if (!written.startsWith('mssql:')) return parse(written, around.cwd);
  return readServer(written, around);
}

async function readServer(written: string, around: Surroundings): Promise<Result<DatabaseLocation, Failure>> {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.username === '') return usage(FORMS);
  if (url.password !== '') {
    return usage(
      'A password is no part of an address on the command line: others can see it there. Put the address with its password into a file that only you can read, and say @FILE.',
    );
  }
  const given = parseWith(url, 'to be replaced');
  if (!given.ok || given.value.kind !== 'mssql') return given;
  const { configured } = around;
  if (configured.kind === 'mssql' && isSameLogin(given.value, configured)) {
    const { encrypt, trustServerCertificate } = url.search === '' ? configured : given.value;
    return ok({ ...given.value, password: configured.password, encrypt, trustServerCertificate });
  }
  const password = await around.ask(nameOf(given.value));
  if (password === undefined || password === '') {
    const message = `The password of ${nameOf(given.value)} is not known here: it is not the configured one. Put the address with its password into a file that only you can read, and say @FILE.`;
    return usage(message);
  }
  return ok({ ...given.value, password: secret(password) });
}

/** Parsed with a password in its place, so that the rules of an address stand in one place. */
function parseWith(url: URL, password: string): Result<DatabaseLocation, Failure> {
  const whole = new URL(url);
  whole.password = password;
  return parse(whole.href, '/');
}

const isSameLogin = (one: ServerLocation, other: ServerLocation): boolean =>
  one.host === other.host && one.port === other.port && one.user === other.user;

async function readAddressFile(file: string): Promise<Result<DatabaseLocation, Failure>> {
  try {
    const { mode, size } = await stat(file);
    if ((mode & 0o077) !== 0) return usage(`Others can read ${file}: \`chmod 600\` it, since it may hold a password.`);
    if (size > ADDRESS_FILE_MAX) return usage(`${file} is too large to be an address.`);
    const parsed = parse((await readFile(file, 'utf8')).trim(), dirname(file));
    return parsed.ok ? parsed : usage(`${file} does not hold an address. ${FORMS}`);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return usage(`${file} cannot be read (${code}).`);
  }
}

const FORMS =
  'A database is written sqlite:FILE, mssql://USER@HOST:PORT/DATABASE, or @FILE, where the file holds the address with its password.';

function parse(written: string, base: string): Result<DatabaseLocation, Failure> {
  const parsed = parseDatabase(written, base);
  return parsed.ok ? parsed : usage(`${FORMS} Expected was ${parsed.error}.`);
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
