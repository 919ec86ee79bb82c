import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';

/** What `scorpiox login` remembers: the API, the token that opens it, and whose it is. */
const Login = Type.Object({ url: Type.String(), token: Type.String(), user: Type.String(), role: Type.String() });
export type Login = Static<typeof Login>;

/** The login that a file holds; undefined where there is none. */
export function readLogin(file: string): Result<Login | undefined, Failure> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? ok(undefined) : err(fileFailure(file, error));
  }
  const login = parse(text);
  if (login !== undefined) return ok(login);
  return err({
    kind: 'error',
    message: `${file} is no login of scorpiox: remove it, or sign in with \`scorpiox login\`.`,
  });
}

/** Keeps a login, readable by its owner only, in place of the one before. */
export function writeLogin(file: string, login: Login): Result<void, Failure> {
  const next = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(next, `${JSON.stringify(login)}\n`, { mode: 0o600 });
    chmodSync(next, 0o600); // a file of that name that was there keeps its mode
    renameSync(next, file);
    return ok(undefined);
  } catch (error) {
    rmSync(next, { force: true });
    return err(fileFailure(file, error));
  }
}

/** Forgets the login, if there is one. */
export function removeLogin(file: string): Result<void, Failure> {
  try {
    rmSync(file, { force: true });
    return ok(undefined);
  } catch (error) {
    return err(fileFailure(file, error));
  }
}

function parse(text: string): Login | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Login, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fileFailure(file: string, error: unknown): Failure {
  const code = systemErrorCode(error);
  return { kind: kindOfSystemError(code), message: `${file} cannot be used: ${code ?? String(error)}.` };
}
