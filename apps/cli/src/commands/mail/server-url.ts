/** An IMAP server as an argument: `imaps://alice@mail.example.net`, and how it is signed in to. */
import { err, type Result } from '@scorpiox/shared/result';
import type { Command } from 'commander';
import type { ConfigOptions } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { ImapServer } from '../../ops/transfer/imap/server.ts';
import { readServer } from '../imap/server-options.ts';

export interface UrlOptions extends ConfigOptions {
  readonly plain?: true;
  readonly ca?: string;
  readonly passwordStdin?: true;
}

export const isServerUrl = (text: string): boolean => /^imaps?:/i.test(text);

export function addUrlOptions(command: Command): Command {
  return command
    .option('--ca <file>', 'of imap(s)://: certificates of the authorities that are trusted, PEM')
    .option('--plain', 'of imap://: without TLS; only where nobody can listen')
    .option('--password-stdin', 'read the password of imap(s):// from standard input');
}

/** Reads `imaps://user@host[:port]` (TLS) or `imap://…` (STARTTLS), and the password from where it is given. */
export async function readServerUrl(io: Io, text: string, options: UrlOptions): Promise<Result<ImapServer, Failure>> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const user = url === undefined ? undefined : decoded(url.username);
  if (url === undefined || user === undefined || user === '' || url.hostname === '' || !/^\/?$/.test(url.pathname)) {
    return usage('A server is written imaps://USER@HOST or imap://USER@HOST:PORT; an @ in the name is %40.');
  }
  if (url.password !== '')
    return usage('A password is no part of the address: others can see it there. It is asked for.');
  const isTls = url.protocol === 'imaps:';
  if (isTls && options.plain === true) return usage('--plain is for imap://.');
  const host = url.port === '' ? url.hostname : `${url.hostname}:${url.port}`;
  const isStartTls = !isTls && options.plain !== true;
  return readServer(io, host, { ...options, user, ...(isStartTls ? { starttls: true } : {}) });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
