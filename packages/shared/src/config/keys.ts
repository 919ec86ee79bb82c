/**
 * Every configuration key, once: how it is spelled, what it holds and what it means. The loader, the error messages and
 * the table in docs/configuration.md all follow this list.
 */
import type { ContainerEngine, DatabaseLocation, LogLevel } from './config.ts';
import { MAX_WORKERS } from './limits.ts';

/** What each type of value is once it is parsed; `parse.ts` has one parser for each. */
export interface Values {
  readonly text: string;
  readonly port: number;
  readonly boolean: boolean;
  readonly number: number;
  readonly 'log-level': LogLevel;
  readonly size: number;
  readonly path: string;
  readonly origin: string;
  readonly database: DatabaseLocation;
  readonly networks: readonly string[];
  readonly recipients: readonly string[];
  readonly 'connection-string': string;
  readonly folders: readonly string[];
  readonly image: string;
  readonly engine: ContainerEngine;
  readonly words: readonly string[];
  readonly model: string;
}

export interface ConfigKey {
  /** As in the file: `data_dir`, `imap.tls_port`. */
  readonly name: string;
  readonly type: keyof Values;
  /** As the documentation shows it; a plain value of the key, unless it is in (parentheses). */
  readonly default: string;
  /** The least and the most that a number may be, and of what. */
  readonly range?: { readonly from: number; readonly to: number; readonly of?: string };
  /** The value is or may hold a secret: it has a `…_file` twin and is no flag. */
  readonly secret?: true;
  readonly description: string;
}

export const CONFIG_KEYS = [
  {
    name: 'data_dir',
    type: 'path',
    default: './data',
    description: 'Folder of everything the platform writes.',
  },
  {
    name: 'imap.host',
    type: 'text',
    default: '127.0.0.1',
    description: 'Address that the IMAP server listens on; `0.0.0.0` or `::` for all.',
  },
  {
    name: 'imap.port',
    type: 'port',
    default: '1143',
    description: 'IMAP with STARTTLS.',
  },
  {
    name: 'imap.tls_port',
    type: 'port',
    default: '1993',
    description: 'IMAP over TLS from the first byte.',
  },
  {
    name: 'imap.lmtp_port',
    type: 'port',
    default: '1124',
    description:
      'LMTP, by which a mail server on this machine delivers: on 127.0.0.1, whatever `host` is, for whoever can connect may deliver to everybody. 0 turns it off.',
  },
  {
    name: 'imap.lmtp_socket',
    type: 'path',
    default: '(none)',
    description:
      "LMTP on a Unix socket of this path. Every program that may enter the socket's folder can deliver to everybody.",
  },
  {
    name: 'imap.admin_port',
    type: 'port',
    default: '1180',
    description:
      "The operator's HTTP port: health, metrics, sessions, traces; on 127.0.0.1, whatever `host` is, behind the token in `<data_dir>/imap-admin.token`. 0 turns it off.",
  },
  {
    name: 'imap.mail_root',
    type: 'path',
    default: '(`<data_dir>/mail`)',
    description: 'Folder of the mail; a Maildir is `<mail_root>/<user>/Maildir`.',
  },
  {
    name: 'imap.tls_cert',
    type: 'path',
    default: '(made at first start)',
    description: 'Certificate chain in PEM. Set together with `tls_key`.',
  },
  {
    name: 'imap.tls_key',
    type: 'path',
    default: '(made at first start)',
    description: 'Private key in PEM. Set together with `tls_cert`.',
  },
  {
    name: 'imap.text_index',
    type: 'boolean',
    default: 'true',
    description:
      'Whether mailboxes of some hundred messages and more get a text index, `text.db` beside the mail: searches for words then take milliseconds, and the disk some KB more per message.',
  },
  {
    name: 'imap.keepalive',
    type: 'number',
    range: { from: 1, to: 29, of: 'minutes' },
    default: '28',
    description:
      'Minutes of quiet in IDLE before the server says a word, 1 to 29: less where a firewall or router in between forgets quiet connections sooner, at the cost of phone batteries.',
  },
  {
    name: 'imap.workers',
    type: 'number',
    range: { from: 1, to: MAX_WORKERS },
    default: '(one per core)',
    description: `Processes that serve mail, up to ${MAX_WORKERS}, beside one that listens; 1: a single process does both, for small machines.`,
  },
  {
    name: 'imap.behind_proxy',
    type: 'boolean',
    default: 'false',
    description:
      "Whether a proxy or tunnel passes clients on to the IMAP server. Then a connection from this machine may be anybody's: no sign-in without TLS, and failed ones are slowed by account alone.",
  },
  {
    name: 'imap.max_connections',
    type: 'number',
    range: { from: 1, to: 100_000 },
    default: '4096',
    description:
      'Connections to the IMAP ports at once; each costs some 50 KiB, and one of the file descriptors that the process may have.',
  },
  {
    name: 'imap.max_connections_per_address',
    type: 'number',
    range: { from: 1, to: 100_000 },
    default: '128',
    description:
      'Connections that have not signed in, from one address (of IPv6, from one network of 64 bits): more where a large office calls from one address. Without meaning behind a proxy.',
  },
  {
    name: 'imap.max_connections_per_user',
    type: 'number',
    range: { from: 1, to: 100_000 },
    default: '128',
    description: 'Connections that have signed in as one user: a mail program opens five to ten.',
  },
  {
    name: 'imap.max_message_size',
    type: 'number',
    range: { from: 1, to: 4095, of: 'MiB' },
    default: '256',
    description:
      'MiB of a message that is stored: what a client uploads, and what a mail server delivers. Clients are told (APPENDLIMIT, and SIZE in LMTP).',
  },
  {
    name: 'imap.signin_timeout',
    type: 'number',
    range: { from: 10, to: 3600, of: 'seconds' },
    default: '180',
    description: 'Seconds that a connection has to sign in.',
  },
  {
    name: 'imap.idle_timeout',
    type: 'number',
    range: { from: 30, to: 1440, of: 'minutes' },
    default: '30',
    description:
      'Minutes without a word from a client, or from the server that it took, until it is signed out; the standard asks for 30 at least.',
  },
  {
    name: 'imap.stalled_timeout',
    type: 'number',
    range: { from: 10, to: 3600, of: 'seconds' },
    default: '300',
    description: 'Seconds in which a client takes nothing of what waits for it, until it is hung up on.',
  },
  {
    name: 'imap.log_level',
    type: 'log-level',
    default: 'info',
    description: 'What the IMAP server logs: `debug` (every command), `info`, `warn` or `error`.',
  },
  {
    name: 'insights.host',
    type: 'text',
    default: '127.0.0.1',
    description: 'Address that the API and the dashboard listen on; `0.0.0.0` or `::` for all.',
  },
  {
    name: 'insights.port',
    type: 'port',
    default: '8080',
    description: 'HTTP port of the API and the dashboard.',
  },
  {
    name: 'insights.tls_port',
    type: 'port',
    default: '(no TLS)',
    description:
      'HTTPS port of the same, beside the HTTP port: for senders that refuse plain HTTP, as the Application Insights SDK for Node since 3.0. 0 takes any free port.',
  },
  {
    name: 'insights.tls_cert',
    type: 'path',
    default: '(made at first start)',
    description: 'Certificate chain in PEM. Set together with `tls_key`.',
  },
  {
    name: 'insights.tls_key',
    type: 'path',
    default: '(made at first start)',
    description: 'Private key in PEM. Set together with `tls_cert`.',
  },
  {
    name: 'insights.public_url',
    type: 'origin',
    default: '(`http://<host>:<port>`)',
    description: 'Address that people and applications use, as `https://insights.example.net`.',
  },
  {
    name: 'insights.trust_proxy',
    type: 'networks',
    default: '(none)',
    description:
      "Addresses and networks of reverse proxies, separated by commas, as `127.0.0.1, 10.0.0.0/8`: what they say in `X-Forwarded-For` counts as the sender. Needed behind a proxy, or one sender's failed sign-ins lock all others out.",
  },
  {
    name: 'insights.database',
    type: 'database',
    default: '(`sqlite:<data_dir>/insights.db`)',
    secret: true,
    description:
      'Where telemetry is stored: `sqlite:<file>`, or `mssql://user:password@host:port/database` with `?encrypt=true` (the default) or `false` and `trustServerCertificate=false` (the default) or `true`. Characters such as `@` or `/` in user and password are percent-encoded.',
  },
  {
    name: 'insights.spool_max',
    type: 'size',
    default: '4 GB',
    description:
      'How much an API process may keep on its disk, below `<data_dir>/spool`, for a SQL Server that is slow or away: bytes, or with KB, MB, GB or TB. Beyond it ingest answers 503. With an embedded database it has no meaning.',
  },
  {
    name: 'alerts.mail_to',
    type: 'recipients',
    default: '(every account with the role `admin`)',
    description: 'Whom mails of alerts go to: accounts or addresses, separated by commas, as `alice, ops@example.net`.',
  },
  {
    name: 'alerts.lmtp_host',
    type: 'text',
    default: '127.0.0.1',
    description: 'Where they are handed on by LMTP: the IMAP server of this machine, or a mail server elsewhere.',
  },
  {
    name: 'alerts.lmtp_port',
    type: 'port',
    default: '(`imap.lmtp_port`)',
    description: 'The port of the same. 0: no mail is sent.',
  },
  {
    name: 'alerts.allow_internal',
    type: 'boolean',
    default: 'false',
    description:
      'Whether webhooks may call addresses inside the own network, this machine included: whoever is an admin of the dashboard can then make the API call everything that it can reach.',
  },
  {
    name: 'tmux.roots',
    type: 'folders',
    default: '/codebases, ~/codebases',
    description:
      'Folders whose folders are the projects of `scorpiox tmux`, separated by commas; of two projects of one name that of the first counts. `~` is the home folder.',
  },
  {
    name: 'tmux.image',
    type: 'image',
    default: '(none)',
    description:
      'Image that the container of a project is made of, as `localhost/dev:1`. It has to be there: nothing is ever pulled.',
  },
  {
    name: 'tmux.engine',
    type: 'engine',
    default: '(`podman`, else `docker`, whichever is there)',
    description: 'What runs the containers: `podman` or `docker`.',
  },
  {
    name: 'tmux.command',
    type: 'words',
    default: '(a login shell)',
    description:
      'What a session runs, as `claude --continue`: words separated by blanks; one that has blanks in it stands between `\'` or `"`. No shell reads it, so there are no variables and no `;`.',
  },
  {
    name: 'tmux.model',
    type: 'model',
    default: '(not set)',
    description:
      'What `CLAUDE_MODEL` is in a session that is made without `-m`: `opus`, `sonnet`, `haiku` or any other id of up to 100 letters, digits and `._:/-`.',
  },
  {
    name: 'telemetry.connection_string',
    type: 'connection-string',
    default: '(telemetry is off)',
    secret: true,
    description:
      'Where the servers send their own telemetry: `InstrumentationKey=…;IngestionEndpoint=…`. `npm start` fills it in.',
  },
] as const satisfies readonly ConfigKey[];

type KnownKey = (typeof CONFIG_KEYS)[number];

/** The name of a configuration key. */
export type KeyName = KnownKey['name'];

/** The parsed value of each key. */
export type KeyValues = { readonly [K in KnownKey as K['name']]: Values[K['type']] };

/** Variables of the project that are no configuration keys: they are somebody else's to read. */
const FOREIGN_VARIABLES: ReadonlySet<string> = new Set([
  'SCORPIOX_CONFIG',
  'SCORPIOX_NODE',
  'SCORPIOX_URL',
  'SCORPIOX_TOKEN',
  'SCORPIOX_REQUIRE_ALL',
  'SCORPIOX_SESSION',
  'SCORPIOX_LAUNCHED',
]);

/** Whether the environment variable has the project's prefix and yet is no configuration key. */
export const isForeignVariable = (variable: string): boolean =>
  FOREIGN_VARIABLES.has(variable) || variable.startsWith('SCORPIOX_TEST_');

/** `imap.tls_port` → `SCORPIOX_IMAP_TLS_PORT`. */
export const variableOf = (name: string): string => `SCORPIOX_${name.replace('.', '_').toUpperCase()}`;

/** `imap.tls_port` → `--imap-tls-port`. */
export const flagOf = (name: string): string => `--${name.replaceAll(/[._]/g, '-')}`;
