/** Which IMAP server is meant, and who signs in to it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, tlsFolder } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Command } from 'commander';
import { type ConfigOptions, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from '../../ops/failure.ts';
import type { ImapPlace, Security } from '../../ops/imap-client/connect.ts';
import type { Credentials } from '../../ops/imap-client/sign-in.ts';
import { PASSWORD_MAX_BYTES } from '../../ops/limits.ts';
import { readSecretFromStdin } from '../../stdin.ts';

export interface ServerOptions {
  readonly user: string;
  readonly starttls?: true;
  readonly plain?: true;
  readonly ca?: string;
  readonly passwordStdin?: true;
}

export function addServerOptions(command: Command): Command {
  return command
    .requiredOption('--user <name>', 'who signs in')
    .option('--starttls', 'begin without TLS and turn it on (port 143); by default TLS is there from the start (993)')
    .option('--plain', 'without TLS (port 143): only where nobody can listen')
    .option('--ca <file>', 'certificates of the authorities that are trusted, PEM (default: the public ones)')
    .option('--password-stdin', 'read the password from standard input');
}

export interface ImapServer {
  readonly place: ImapPlace;
  readonly credentials: Credentials;
}

/** The server that is named, or that of this installation; asks for the password where it is not given. */
export async function readServer(
  io: Io,
  host: string | undefined,
  options: ServerOptions & ConfigOptions,
): Promise<Result<ImapServer, Failure>> {
  if (options.starttls === true && options.plain === true) return usage('--starttls or --plain: not both.');
  const security: Security = options.plain === true ? 'none' : options.starttls === true ? 'starttls' : 'tls';
  const place = host === undefined ? ownPlace(io, options, security) : parsePlace(host, security);
  if (!place.ok) return place;
  const ca = await readCa(options.ca ?? place.value.caFile, options.ca !== undefined);
  if (!ca.ok) return ca;
  const password = await readPassword(io, options);
  if (!password.ok) return password;
  const { host: name, port } = place.value;
  const trusted = ca.value === undefined ? {} : { ca: ca.value };
  return ok({
    place: { host: name, port, security, ...trusted },
    credentials: { user: options.user, password: password.value },
  });
}

interface Place {
  readonly host: string;
  readonly port: number;
  /** Whom it is signed by, where that is known. */
  readonly caFile?: string;
}

/** `mail.example.net`, `localhost:1143`, `[::1]:993`. */
function parsePlace(text: string, security: Security): Result<Place, Failure> {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]@]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? (security === 'tls' ? 993 : 143) : Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return ok({ host, port });
  return usage('The server is a host, perhaps with a port: mail.example.net, localhost:1143, [::1]:993.');
}

/** This installation's server, and the authority that it made for itself. */
function ownPlace(io: Io, options: ConfigOptions, security: Security): Result<Place, Failure> {
  const config = readConfig(io, options);
  if (!config.ok) return config;
  const { host, port, tlsPort, tlsCert } = config.value.imap;
  const place = { host: reachable(host), port: security === 'tls' ? tlsPort : port };
  if (place.port === 0) return usage('The port of this installation is chosen at its start: name host and port.');
  return ok(tlsCert === undefined ? { ...place, caFile: ownCa(config.value) } : place);
}

const ownCa = (config: Config): string => join(tlsFolder(config), 'ca.pem');

/** A server that listens everywhere is here as well. */
const reachable = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);

/** @param mustBe whether somebody named it; the installation's own may not be there, nor is it needed without TLS. */
async function readCa(file: string | undefined, mustBe: boolean): Promise<Result<string | undefined, Failure>> {
  if (file === undefined) return ok(undefined);
  try {
    const text = await readFile(file, 'utf8');
    return text.includes('-----BEGIN CERTIFICATE-----') ? ok(text) : usage(`${file} holds no certificate in PEM.`);
  } catch (error) {
    const code = systemErrorCode(error);
    if (!mustBe && code === 'ENOENT') return ok(undefined);
    const kind = code === 'ENOENT' ? 'usage' : kindOfSystemError(code);
    return err({ kind, message: `${file} cannot be read: ${code ?? String(error)}.` });
  }
}

async function readPassword(io: Io, { passwordStdin }: ServerOptions): Promise<Result<string, Failure>> {
  if (passwordStdin === true) return readSecretFromStdin(io, { what: 'password', most: PASSWORD_MAX_BYTES });
  const { IMAP_PASSWORD: given } = io.env;
  if (given !== undefined && given !== '') return ok(given);
  if (!io.stdinIsTerminal) {
    return usage(
      'There is no terminal to ask for the password on. Pass it with --password-stdin, or in IMAP_PASSWORD.',
    );
  }
  const typed = await io.askSecret('Password');
  return typed === undefined ? err({ kind: 'interrupted', message: 'Interrupted; nothing was done.' }) : ok(typed);
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
