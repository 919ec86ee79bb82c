import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { PASSWORD_MAX_BYTES } from '../../ops/limits.ts';
import { readSecretFromStdin } from '../../stdin.ts';

/** The new password: from standard input with `--password-stdin`, else asked for twice on the terminal. */
export async function readPassword(io: Io, fromStdin: boolean): Promise<Result<string, Failure>> {
  const password = fromStdin
    ? await readSecretFromStdin(io, { what: 'password', most: PASSWORD_MAX_BYTES })
    : await askTwice(io);
  if (password.ok && password.value === '') return usage('The password is empty. Give one of at least one character.');
  return password;
}

async function askTwice(io: Io): Promise<Result<string, Failure>> {
  if (!io.stdinIsTerminal)
    return usage('There is no terminal to ask for the password on. Pass it with --password-stdin.');
  const first = await io.askSecret('Password');
  if (first === undefined) return interrupted();
  const second = await io.askSecret('The same again');
  if (second === undefined) return interrupted();
  return first === second ? ok(first) : usage('The two passwords are not the same. Nothing was changed; try again.');
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
const interrupted = (): Result<never, Failure> =>
  err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
