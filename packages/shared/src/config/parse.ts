import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseConnectionString } from '../client/connection-string.ts';
import { err, ok, type Result } from '../result.ts';
import type { DatabaseLocation, LogLevel } from './config.ts';
import type { ConfigKey, Values } from './keys.ts';
import { parseEngine, parseFolders, parseImage, parseModel, parseWords } from './parse-tmux.ts';
import { secret } from './secret.ts';

// One parser for each type of value. The error says what was expected, as the end of "expected …", and never repeats
// the value: it may be a secret.

type Parsed<T> = Result<T, string>;

/** Makes a T of what was found for the key; a relative path starts at `base`. */
export type Parser<T> = (value: unknown, base: string, key: ConfigKey) => Parsed<T>;

const PORT = /^\d{1,5}$/;
const NUMBER = /^\d{1,15}$/;
const MSSQL_PORT = 1433;
const SMALLEST_SIZE = 16 * 1024 ** 2;
const LARGEST_SIZE = 1000 * 1024 ** 4;

/** A text without white space at its ends. */
function parseText(value: unknown): Parsed<string> {
  if (typeof value !== 'string' || value.trim() === '') return err('a text that is not empty');
  return value === value.trim() ? ok(value) : err('a text without white space at its ends');
}

/** A TCP port; 0 lets the system choose one. A text comes from the environment or a flag, a number from the file. */
function parsePort(value: unknown): Parsed<number> {
  const number = typeof value === 'string' && PORT.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65535) {
    return err('a whole number from 0 to 65535');
  }
  return ok(number);
}

/** A whole number in the range of its key. A text comes from the environment or a flag. */
function parseNumber(value: unknown, _base: string, { range }: ConfigKey): Parsed<number> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, of = '' } = range ?? {};
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < from || number > to) {
    return err(`a whole number ${of === '' ? '' : `of ${of} `}from ${from} to ${to}`);
  }
  return ok(number);
}

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

function parseLogLevel(value: unknown): Parsed<LogLevel> {
  const level = LOG_LEVELS.find((one) => one === value);
  return level === undefined ? err(`one of ${LOG_LEVELS.join(', ')}`) : ok(level);
}

const SIZE = /^(\d{1,15}) ?([KMGT]?)B?$/i;
const UNITS = ['', 'K', 'M', 'G', 'T'];

/** Bytes, as `4 GB`: a unit is 1,024 of the one before. A number comes from the file. */
function parseSize(value: unknown): Parsed<number> {
  const expected = err('a size from 16 MB to 1000 TB, as 4 GB');
  const [, digits, unit = ''] = SIZE.exec(String(value)) ?? [];
  if (digits === undefined || (typeof value !== 'string' && typeof value !== 'number')) return expected;
  const bytes = Number(digits) * 1024 ** UNITS.indexOf(unit.toUpperCase());
  return bytes >= SMALLEST_SIZE && bytes <= LARGEST_SIZE ? ok(bytes) : expected;
}

/** A switch. A text comes from the environment or a flag. */
function parseBoolean(value: unknown): Parsed<boolean> {
  if (value === true || value === 'true') return ok(true);
  return value === false || value === 'false' ? ok(false) : err('true or false');
}

/** An absolute path; a relative one starts at `base`. */
export function parsePath(value: unknown, base: string): Parsed<string> {
  if (typeof value !== 'string' || value.trim() === '' || value.includes('\0')) return err('a path');
  return ok(resolve(base, value));
}

/** Scheme, host and port of a web address, without a slash at the end. */
function parseOrigin(value: unknown): Parsed<string> {
  const expected = err('an http or https address without path, as https://insights.example.net');
  if (typeof value !== 'string' || !URL.canParse(value)) return expected;
  const url = new URL(value);
  const plain =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? ok(url.origin) : expected;
}

/** Addresses and networks in CIDR notation, separated by commas; none where the text is empty. */
function parseNetworks(value: unknown): Parsed<readonly string[]> {
  const expected = err('addresses or networks separated by commas, as 127.0.0.1, 10.0.0.0/8');
  if (typeof value !== 'string') return expected;
  const networks = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return networks.every(isNetwork) ? ok(networks) : expected;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

/** What stands between the angle brackets of an LMTP command: no blank and no bracket, so nothing can be added to it. */
const RECIPIENT = /^[A-Za-z0-9._@+-]{1,254}$/;
const MOST_RECIPIENTS = 20;

/** Mail recipients, separated by commas. */
function parseRecipients(value: unknown): Parsed<readonly string[]> {
  const expected = err(`1 to ${MOST_RECIPIENTS} accounts or addresses separated by commas, as alice, ops@example.net`);
  if (typeof value !== 'string') return expected;
  const recipients = value.split(',').map((part) => part.trim());
  const fits = recipients.length <= MOST_RECIPIENTS && recipients.every((one) => RECIPIENT.test(one));
  return fits ? ok(recipients) : expected;
}

/** A connection string as `parseConnectionString` takes it. */
function parseConnectionText(value: unknown): Parsed<string> {
  if (typeof value !== 'string') return err('a text InstrumentationKey=…;IngestionEndpoint=…');
  const parsed = parseConnectionString(value);
  return parsed.ok ? ok(value) : err(`InstrumentationKey=…;IngestionEndpoint=… (${parsed.error.message})`);
}

const DATABASE_FORMS = 'sqlite:<file> or mssql://user:password@host:port/database';

/** A database location; a relative file starts at `base`. */
export function parseDatabase(value: unknown, base: string): Parsed<DatabaseLocation> {
  if (typeof value !== 'string') return err(DATABASE_FORMS);
  if (value.startsWith('sqlite:')) return parseSqlite(value.slice('sqlite:'.length), base);
  if (value.startsWith('mssql:')) return parseMssql(value);
  return err(DATABASE_FORMS);
}

function parseSqlite(rest: string, base: string): Parsed<DatabaseLocation> {
  if (rest.startsWith('//')) return err('sqlite:<file> without //, as sqlite:/var/lib/scorpiox/insights.db');
  const file = parsePath(rest, base);
  return file.ok ? ok({ kind: 'sqlite', file: file.value }) : err('sqlite:<file> with a file');
}

function parseMssql(text: string): Parsed<DatabaseLocation> {
  if (!URL.canParse(text)) return err(`${DATABASE_FORMS}, with reserved characters percent-encoded`);
  const url = new URL(text);
  const user = decode(url.username);
  const password = decode(url.password);
  const database = decode(url.pathname.slice(1));
  if (!url.hostname || !user || !password || !database || database.includes('/') || url.hash !== '') {
    return err('mssql://user:password@host:port/database with all of user, password, host and database');
  }
  const options = parseMssqlOptions(url.searchParams);
  if (!options.ok) return options;
  return ok({
    kind: 'mssql',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? MSSQL_PORT : Number(url.port),
    database,
    user,
    password: secret(password),
    ...options.value,
  });
}

function parseMssqlOptions(query: URLSearchParams): Parsed<{ encrypt: boolean; trustServerCertificate: boolean }> {
  const options = { encrypt: true, trustServerCertificate: false };
  for (const [name, value] of query) {
    if (name !== 'encrypt' && name !== 'trustServerCertificate') {
      return err('encrypt and trustServerCertificate as the only options after the question mark');
    }
    if (value !== 'true' && value !== 'false') return err(`${name} to be true or false`);
    options[name] = value === 'true';
  }
  return ok(options);
}

/** Percent-decoded, or undefined where it is empty or not decodable. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return undefined; // a lone % sign: the caller's message tells what was expected
  }
}

/** The parser of each type of value. */
export const PARSERS: { readonly [T in keyof Values]: Parser<Values[T]> } = {
  text: parseText,
  port: parsePort,
  boolean: parseBoolean,
  number: parseNumber,
  'log-level': parseLogLevel,
  size: parseSize,
  path: parsePath,
  origin: parseOrigin,
  database: parseDatabase,
  networks: parseNetworks,
  recipients: parseRecipients,
  'connection-string': parseConnectionText,
  folders: parseFolders,
  image: parseImage,
  engine: parseEngine,
  words: parseWords,
  model: parseModel,
};
