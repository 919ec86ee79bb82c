import { parseHostName } from '@scorpiox/shared/certificates';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';

/** Host names and addresses as somebody wrote them, each in its one form. */
export function parseHostNames(texts: readonly string[]): Result<readonly string[], Failure> {
  const names: string[] = [];
  for (const text of texts) {
    const name = parseHostName(text);
    if (name === undefined) {
      return err({ kind: 'usage', message: `${JSON.stringify(text)} is no host name or address.` });
    }
    names.push(name);
  }
  return ok(names);
}
