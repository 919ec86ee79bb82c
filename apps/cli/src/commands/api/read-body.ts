import { err, type Result } from '@scorpiox/shared/result';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { API_BODY_MAX_BYTES } from '../../ops/limits.ts';
import { readStdin } from '../../stdin.ts';

/** The body from standard input: JSON, for a request with anything else would only be refused. */
export async function readBody(io: Io): Promise<Result<string, Failure>> {
  const text = await readStdin(io, { what: 'body', most: API_BODY_MAX_BYTES });
  if (!text.ok) return text;
  try {
    JSON.parse(text.value);
    return text;
  } catch {
    return err({ kind: 'usage', message: 'The body on standard input is not JSON.' });
  }
}
