import { SessionResponse } from '@scorpiox/shared/contract';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { ApiClient, type Remote } from './client.ts';
import { type Login, writeLogin } from './login-file.ts';

/** Asks the API whose token it is, and keeps both in `file` if it knows. */
export async function logIn(file: string, remote: Remote): Promise<Result<Login, Failure>> {
  const session = await new ApiClient(remote).json(SessionResponse, 'GET', '/api/session');
  if (!session.ok) return session;
  const { user, role } = session.value;
  const login = { ...remote, user, role };
  const written = writeLogin(file, login);
  return written.ok ? ok(login) : written;
}
