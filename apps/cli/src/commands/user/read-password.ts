import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { PASSWORD_MAX_BYTES } from '../../ops/limits.ts';

/** The new password: from standard input with `--password-stdin`, else asked for twice on the terminal. */
export async function readPassword(io: Io, fromStdin: boolean): Promise<Result<string, Failure>> {
  const password = fromStdin ? await readAll(io) : await askTwice(io);
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

async function readAll(io: Io): Promise<Result<string, Failure>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of io.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    // Two bytes more than a password may have: its line end.
    if (length > PASSWORD_MAX_BYTES + 2) return usage(`The password is longer than ${PASSWORD_MAX_BYTES} bytes.`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    return ok(text.replace(/\r?\n$/, ''));
  } catch {
    return usage('The password on standard input is not UTF-8 text.');
  }
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
const interrupted = (): Result<never, Failure> =>
  err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
