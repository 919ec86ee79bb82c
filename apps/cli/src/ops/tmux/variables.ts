/** Variables for a session: `NAME=value`, from the command line or from a file. */
import { readFile, stat } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../failure.ts';
import { ENV_FILE_MAX, ENV_OCTETS_MAX, ENV_VARIABLES_MAX } from './limits.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL ends an argument
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*=[^\u0000]*$/;

/** Whether this is `NAME=value`. */
export const isVariable = (text: string): boolean => VARIABLE.test(text);

/** Within the bounds of what one message to tmux takes. */
export function checkVariables(variables: readonly string[]): Result<readonly string[], Failure> {
  const octets = variables.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  if (variables.length <= ENV_VARIABLES_MAX && octets <= ENV_OCTETS_MAX) return ok(variables);
  const message = `These are too many variables: up to ${ENV_VARIABLES_MAX} are taken, of ${ENV_OCTETS_MAX} bytes in all.`;
  return err({ kind: 'usage', message });
}

/**
 * The variables of a file: a line each, `NAME=value` as it is, without quotes; empty lines and those that begin with `#` are
 * passed over. What engines read, but for names alone, whose value would be that of whoever starts the engine.
 */
export async function readEnvFile(path: string): Promise<Result<readonly string[], Failure>> {
  try {
    if ((await stat(path)).size > ENV_FILE_MAX) return fileFailure(path, `it is larger than ${ENV_FILE_MAX} bytes`);
    const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
    const bad = lines.findIndex((line) => !/^\s*(?:#|$)/.test(line) && !isVariable(line));
    if (bad >= 0) return fileFailure(path, `line ${bad + 1} is not NAME=value`);
    return ok(lines.filter(isVariable));
  } catch (error) {
    return fileFailure(path, systemErrorCode(error) ?? String(error));
  }
}

const fileFailure = (path: string, why: string): Result<never, Failure> =>
  err({ kind: 'usage', message: `The file of variables ${path} cannot be used: ${why}.` });
