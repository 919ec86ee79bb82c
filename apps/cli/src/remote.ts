/** Which API the commands go through, if any: DESIGN's rule in one place (docs/cli.md, "Here or elsewhere"). */
import { join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { ConfigOptions } from './command.ts';
import type { Io } from './io.ts';
import type { Remote } from './ops/api/client.ts';
import { type Login, readLogin } from './ops/api/login-file.ts';
import type { Failure } from './ops/failure.ts';

/**
 * The API that is meant: of `SCORPIOX_URL` and `SCORPIOX_TOKEN`, else of `scorpiox login`. Undefined where there is
 * neither, or where --config or --data-dir name an installation on this machine.
 */
export function readRemote(io: Io, options: ConfigOptions): Result<Remote | undefined, Failure> {
  if (options.config !== undefined || options.dataDir !== undefined) return ok(undefined);
  const { SCORPIOX_URL: url, SCORPIOX_TOKEN: token } = io.env;
  if (url === undefined && token === undefined) return readLogin(loginFile(io));
  if (url === undefined) return err(usage('SCORPIOX_TOKEN is set without SCORPIOX_URL: set both.'));
  const origin = parseOrigin(url);
  if (!origin.ok) return origin;
  if (token !== undefined) return ok({ url: origin.value, token });
  return tokenFor(origin.value, readLogin(loginFile(io)));
}

function tokenFor(url: string, login: Result<Login | undefined, Failure>): Result<Remote, Failure> {
  if (login.ok && login.value?.url === url) return ok(login.value);
  const message = `There is no token for ${url}: set SCORPIOX_TOKEN, or sign in with \`scorpiox login ${url}\`.`;
  return err({ kind: 'not-signed-in', message });
}

/** Where `scorpiox login` keeps what it was told. */
export function loginFile({ env }: Pick<Io, 'env'>): string {
  const home = env.XDG_CONFIG_HOME || join(env.HOME ?? '/', '.config');
  return join(home, 'scorpiox', 'login.json');
}

/** An address without path, query, user or password: `https://insights.example.net`. */
export function parseOrigin(text: string): Result<string, Failure> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return ok(url.origin);
  return err(usage('The address of an API is http:// or https://, a host, perhaps a port, and nothing else.'));
}

const usage = (message: string): Failure => ({ kind: 'usage', message });
