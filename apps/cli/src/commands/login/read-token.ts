import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { TOKEN_MAX_BYTES } from '../../ops/limits.ts';
import { readSecretFromStdin } from '../../stdin.ts';

/** The bearer token: from standard input with `--token-stdin`, else asked for on the terminal. */
export async function readToken(io: Io, fromStdin: boolean): Promise<Result<string, Failure>> {
  const token = fromStdin ? await readSecretFromStdin(io, { what: 'token', most: TOKEN_MAX_BYTES }) : await ask(io);
  if (!token.ok) return token;
  const trimmed = token.value.trim();
  // What else there is could not stand in a header.
  if (/^[\x21-\x7e]+$/.test(trimmed)) return ok(trimmed);
  return err({ kind: 'usage', message: 'That is no token: one has letters, digits and signs, without blanks.' });
}

async function ask(io: Io): Promise<Result<string, Failure>> {
  if (!io.stdinIsTerminal) {
    const message = 'There is no terminal to ask for the token on. Pass it with --token-stdin.';
    return err({ kind: 'usage', message });
  }
  const token = await io.askSecret('Token');
  return token === undefined ? err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' }) : ok(token);
}
