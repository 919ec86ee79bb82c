import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from './io.ts';
import type { Failure } from './ops/failure.ts';

/** All of standard input as text. `what` names it in the sentence for whoever sent too much, or no UTF-8. */
export async function readStdin(
  io: Pick<Io, 'stdin'>,
  { what, most }: { readonly what: string; readonly most: number },
): Promise<Result<string, Failure>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of io.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) return usage(`The ${what} on standard input is longer than ${most} bytes.`);
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)));
  } catch {
    return usage(`The ${what} on standard input is not UTF-8 text.`);
  }
}

/** A secret of one line: the line end that editors and `echo` leave does not count. */
export async function readSecretFromStdin(
  io: Pick<Io, 'stdin'>,
  { what, most }: { readonly what: string; readonly most: number },
): Promise<Result<string, Failure>> {
  // Two bytes more than it may have: its line end.
  const text = await readStdin(io, { what, most: most + 2 });
  if (!text.ok) return text;
  const secret = text.value.replace(/\r?\n$/, '');
  return Buffer.byteLength(secret) > most ? usage(`The ${what} is longer than ${most} bytes.`) : ok(secret);
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
