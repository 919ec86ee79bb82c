import { readFileSync, statSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import type { Config, ConfigError, DatabaseLocation } from './config.ts';
import { CONFIG_KEYS, type ConfigKey, type KeyName, type KeyValues } from './keys.ts';
import { MAX_SECRET_FILE_BYTES, MAX_WORKERS } from './limits.ts';
import { PARSERS, type Parser, parsePath } from './parse.ts';
import { secret } from './secret.ts';
import {
  errorCode,
  type Found,
  locateConfigFile,
  readConfigFile,
  readEnvironment,
  readFlags,
  type Source,
} from './sources.ts';

export interface LoadOptions {
  /** The environment; `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * What the command line said: `config` (the file's path) or a key's name (`data_dir`, `imap.port`) to its text;
   * undefined means not given. Secrets are no flags.
   */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of flags and environment start; the process's folder by default. */
  readonly cwd?: string;
}

/**
 * The configuration from flags, environment, file and defaults, in this order of precedence (docs/configuration.md).
 * Fails with everything that is wrong, not only the first.
 */
export function loadConfig(options: LoadOptions = {}): Result<Config, readonly ConfigError[]> {
  const reader = readerOf(options);
  const config = build(reader, homeOf(options));
  return reader.errors.length === 0 ? ok(config) : err(reader.errors);
}

/** A key as it is set, for whoever asks why. */
export interface Setting {
  readonly key: KeyName;
  /** As it was written; `[secret]` in place of one; as the documentation shows it where it is the default. */
  readonly value: string;
  /** `flag --data-dir`, `environment SCORPIOX_IMAP_PORT`, `/etc/scorpiox.toml`, or `default`. */
  readonly origin: string;
}

/** Every key with its value and where it comes from. Fails as `loadConfig` does. */
export function explainConfig(options: LoadOptions = {}): Result<readonly Setting[], readonly ConfigError[]> {
  const reader = readerOf(options);
  build(reader, homeOf(options));
  return reader.errors.length === 0 ? ok(CONFIG_KEYS.map(({ name }) => reader.setting(name))) : err(reader.errors);
}

function readerOf({ env = process.env, flags = {}, cwd = process.cwd() }: LoadOptions): Reader {
  const file = locateConfigFile(flags, env, cwd);
  return new Reader([readFlags(flags, cwd), readEnvironment(env, cwd), readConfigFile(file.path, file.namedBy)], cwd);
}

/** Takes values out of the sources, best first, and collects what is wrong with them. */
class Reader {
  readonly errors: ConfigError[];
  readonly #sources: readonly Source[];
  readonly #cwd: string;

  constructor(sources: readonly Source[], cwd: string) {
    this.#sources = sources;
    this.#cwd = cwd;
    this.errors = sources.flatMap((source) => source.errors);
  }

  /** The parsed value, or undefined where the key is not set or is wrong. */
  optional<N extends KeyName>(name: N): KeyValues[N] | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    const parsed = parserOf(name)(found.value, found.base, keyNamed(name));
    if (parsed.ok) return parsed.value;
    this.errors.push({ key: name, origin: found.origin, message: `Expected ${parsed.error}.` });
    return undefined;
  }

  /** The parsed value, or the default that keys.ts names where the key is not set or is wrong (which fails the load). */
  value<N extends KeyName>(name: N): KeyValues[N] {
    const value = this.optional(name);
    if (value !== undefined) return value;
    const parsed = parserOf(name)(keyNamed(name).default, this.#cwd, keyNamed(name));
    if (!parsed.ok) throw new Error(`The default of ${name} in keys.ts is not ${parsed.error}`);
    return parsed.value;
  }

  /** The key as it was written. */
  setting(name: KeyName): Setting {
    const key = keyNamed(name);
    const found = this.#find(name);
    if (found === undefined) return { key: name, value: plainDefault(key), origin: 'default' };
    return { key: name, value: key.secret ? '[secret]' : String(found.value), origin: found.origin };
  }

  #find(name: string): Found | undefined {
    for (const source of this.#sources) {
      const direct = source.found.get(name);
      const byFile = source.found.get(`${name}_file`);
      if (direct !== undefined && byFile !== undefined) {
        const message = `Both ${name} and ${name}_file are set here; remove one.`;
        this.errors.push({ key: name, origin: byFile.origin, message });
        return undefined;
      }
      if (direct !== undefined) return direct;
      if (byFile !== undefined) return this.#fromSecretFile(name, byFile);
    }
    return undefined;
  }

  #fromSecretFile(name: string, found: Found): Found | undefined {
    const path = parsePath(found.value, found.base);
    const text = path.ok ? readSecretFile(path.value) : err('Expected a path.');
    if (text.ok) return { ...found, value: text.value };
    this.errors.push({ key: `${name}_file`, origin: found.origin, message: text.error });
    return undefined;
  }
}

const keyNamed = (name: KeyName): ConfigKey => {
  const key = CONFIG_KEYS.find((known) => known.name === name);
  if (key === undefined) throw new Error(`${name} is not in keys.ts`); // a KeyName is, by its type
  return key;
};

/** The default without the marks that the documentation's table gives it. */
const plainDefault = (key: ConfigKey): string => key.default.replaceAll('`', '');

const parserOf = <N extends KeyName>(name: N): Parser<KeyValues[N]> =>
  // KeyValues names for each key what its `type` makes, and PARSERS has the parser of each type.
  PARSERS[keyNamed(name).type] as Parser<KeyValues[N]>;

/** The file's text without the line end that editors and `echo` leave. */
function readSecretFile(path: string): Result<string, string> {
  try {
    if (statSync(path).size > MAX_SECRET_FILE_BYTES) {
      return err(`${path} is larger than ${MAX_SECRET_FILE_BYTES} bytes: not a secret.`);
    }
    return ok(readFileSync(path, 'utf8').replace(/\r?\n$/, ''));
  } catch (error) {
    return err(`Cannot read ${path}: ${errorCode(error)}.`);
  }
}

const homeOf = ({ env = process.env }: LoadOptions): string => env.HOME || homedir();

function build(reader: Reader, home: string): Config {
  const dataDir = reader.value('data_dir');
  const connectionString = reader.optional('telemetry.connection_string');
  return {
    dataDir,
    imap: buildImap(reader, dataDir),
    insights: buildInsights(reader, dataDir),
    alerts: buildAlerts(reader),
    tmux: buildTmux(reader, home),
    telemetry: connectionString === undefined ? {} : { connectionString: secret(connectionString) },
  };
}

function buildImap(reader: Reader, dataDir: string): Config['imap'] {
  const lmtpSocket = reader.optional('imap.lmtp_socket');
  return {
    host: reader.value('imap.host'),
    port: reader.value('imap.port'),
    tlsPort: reader.value('imap.tls_port'),
    lmtpPort: reader.value('imap.lmtp_port'),
    adminPort: reader.value('imap.admin_port'),
    ...(lmtpSocket === undefined ? {} : { lmtpSocket }),
    mailRoot: reader.optional('imap.mail_root') ?? join(dataDir, 'mail'),
    textIndex: reader.value('imap.text_index'),
    keepAlive: reader.value('imap.keepalive'),
    workers: reader.optional('imap.workers') ?? Math.min(availableParallelism(), MAX_WORKERS),
    behindProxy: reader.value('imap.behind_proxy'),
    limits: {
      connections: reader.value('imap.max_connections'),
      connectionsPerAddress: reader.value('imap.max_connections_per_address'),
      connectionsPerUser: reader.value('imap.max_connections_per_user'),
      messageSize: reader.value('imap.max_message_size'),
      signInTimeout: reader.value('imap.signin_timeout'),
      idleTimeout: reader.value('imap.idle_timeout'),
      stalledTimeout: reader.value('imap.stalled_timeout'),
    },
    logLevel: reader.value('imap.log_level'),
    ...readCertificate(reader, 'imap'),
  };
}

/** Certificate and key: both or neither. */
function readCertificate(reader: Reader, section: 'imap' | 'insights'): { tlsCert?: string; tlsKey?: string } {
  const before = reader.errors.length;
  const tlsCert = reader.optional(`${section}.tls_cert`);
  const tlsKey = reader.optional(`${section}.tls_key`);
  const bothRead = reader.errors.length === before;
  if (bothRead && (tlsCert === undefined) !== (tlsKey === undefined)) {
    const [set, missing] = tlsKey === undefined ? ['tls_cert', 'tls_key'] : ['tls_key', 'tls_cert'];
    const message = `${section}.${set} is set without it: set both, or neither to have certificates made.`;
    reader.errors.push({ key: `${section}.${missing}`, origin: 'nowhere', message });
  }
  return { ...(tlsCert === undefined ? {} : { tlsCert }), ...(tlsKey === undefined ? {} : { tlsKey }) };
}

function buildInsights(reader: Reader, dataDir: string): Config['insights'] {
  const host = reader.value('insights.host');
  const port = reader.value('insights.port');
  const tlsPort = reader.optional('insights.tls_port');
  const database: DatabaseLocation = { kind: 'sqlite', file: resolve(dataDir, 'insights.db') };
  return {
    host,
    port,
    ...(tlsPort === undefined ? {} : { tlsPort }),
    ...readCertificate(reader, 'insights'),
    publicUrl: reader.optional('insights.public_url') ?? defaultPublicUrl(host, port),
    database: reader.optional('insights.database') ?? database,
    trustProxy: reader.optional('insights.trust_proxy') ?? [],
    spoolMax: reader.value('insights.spool_max'),
  };
}

function buildAlerts(reader: Reader): Config['alerts'] {
  return {
    mailTo: reader.optional('alerts.mail_to') ?? [],
    lmtpHost: reader.value('alerts.lmtp_host'),
    lmtpPort: reader.optional('alerts.lmtp_port') ?? reader.value('imap.lmtp_port'),
    allowInternal: reader.value('alerts.allow_internal'),
  };
}

function buildTmux(reader: Reader, home: string): Config['tmux'] {
  const image = reader.optional('tmux.image');
  const engine = reader.optional('tmux.engine');
  const command = reader.optional('tmux.command');
  const model = reader.optional('tmux.model');
  return {
    roots: reader.value('tmux.roots').map((root) => (root.startsWith('~') ? join(home, root.slice(1)) : root)),
    ...(image === undefined ? {} : { image }),
    ...(engine === undefined ? {} : { engine }),
    ...(command === undefined ? {} : { command }),
    ...(model === undefined ? {} : { model }),
  };
}

/** A wildcard address is nothing that a browser can open, so it is named localhost. */
function defaultPublicUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
