import type { Config } from '@scorpiox/shared/config';
import type { Role } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { databaseFailure, withControl } from './control.ts';

/** A bearer token, shown this once: only its hash is kept. */
export interface AddedToken {
  readonly name: string;
  readonly token: string;
}

/** Issues a token in the configured database. */
export function addToken(config: Config, name: string, role: Role): Promise<Result<AddedToken, Failure>> {
  return withControl(config, async (control) => {
    const token = await control.addToken(name, role);
    return token.ok ? ok({ name: token.value.name, token: token.value.token }) : err(databaseFailure(token.error));
  });
}
