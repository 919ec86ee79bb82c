/**
 * The configuration as the programs get it: every value parsed, every default filled in. Keys, defaults and
 * precedence are an interface (docs/configuration.md).
 */

/** Where telemetry is stored. */
export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'mssql';
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user: string;
      readonly password: Secret;
      readonly encrypt: boolean;
      readonly trustServerCertificate: boolean;
    };

/** What runs containers. */
export type ContainerEngine = 'podman' | 'docker';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A value that never shows in logs, errors or JSON: `reveal()` is the only way to it. */
export interface Secret {
  reveal(): string;
  toString(): '[secret]';
  toJSON(): '[secret]';
}

/** What an operator may want to be otherwise; all other limits are in the server's limits.ts. */
interface ImapLimits {
  readonly connections: number;
  /** Those that have not signed in. */
  readonly connectionsPerAddress: number;
  readonly connectionsPerUser: number;
  /** MiB. */
  readonly messageSize: number;
  /** Seconds. */
  readonly signInTimeout: number;
  /** Minutes. */
  readonly idleTimeout: number;
  /** Seconds. */
  readonly stalledTimeout: number;
}

export interface Config {
  /** Absolute. */
  readonly dataDir: string;
  readonly imap: {
    readonly host: string;
    readonly port: number;
    readonly tlsPort: number;
    /** Local delivery, on loopback; 0 where there is none. */
    readonly lmtpPort: number;
    /** Local delivery on a Unix socket; absolute. */
    readonly lmtpSocket?: string;
    /** The operator's port, on loopback; 0 where there is none. */
    readonly adminPort: number;
    /** Absolute; a Maildir is `<mailRoot>/<user>/Maildir`. */
    readonly mailRoot: string;
    /** Files in PEM; made at first start under `<dataDir>/tls` when not set. */
    readonly tlsCert?: string;
    readonly tlsKey?: string;
    /** Whether large mailboxes get a text index. */
    readonly textIndex: boolean;
    /** Minutes of quiet in IDLE before the server says a word, 1 to 29. */
    readonly keepAlive: number;
    /** Processes that serve; 1: the one that listens does. */
    readonly workers: number;
    /** Whether a proxy passes clients on to the IMAP server. */
    readonly behindProxy: boolean;
    readonly limits: ImapLimits;
    /** What is less grave is not logged. */
    readonly logLevel: LogLevel;
  };
  readonly insights: {
    readonly host: string;
    readonly port: number;
    /** HTTPS beside it; none when not set. */
    readonly tlsPort?: number;
    /** Files in PEM; made at first start under `<dataDir>/tls` when not set. */
    readonly tlsCert?: string;
    readonly tlsKey?: string;
    /** Base address that people use; `http://<host>:<port>` when not set. */
    readonly publicUrl: string;
    readonly database: DatabaseLocation;
    /** Addresses and networks (`10.0.0.0/8`) of reverse proxies whose word on the sender's address is taken. */
    readonly trustProxy: readonly string[];
    /** Bytes that events waiting for a SQL Server may take on the disk. */
    readonly spoolMax: number;
  };
  readonly alerts: {
    /** Accounts or addresses; empty: every admin. */
    readonly mailTo: readonly string[];
    readonly lmtpHost: string;
    /** 0: no mail is sent. */
    readonly lmtpPort: number;
    /** Whether webhooks may call addresses inside the own network. */
    readonly allowInternal: boolean;
  };
  readonly tmux: {
    /** Folders of projects, the first that has one counts; absolute. */
    readonly roots: readonly string[];
    /** What new containers are made of. */
    readonly image?: string;
    /** Podman, else docker, whichever is there, when not set. */
    readonly engine?: ContainerEngine;
    /** Program and arguments of a session; a login shell when not set. */
    readonly command?: readonly string[];
    /** What `CLAUDE_MODEL` is where nobody says; not set at all when absent. */
    readonly model?: string;
  };
  readonly telemetry: {
    /** `InstrumentationKey=…;IngestionEndpoint=…`; telemetry is off when absent. */
    readonly connectionString?: Secret;
  };
}

/** One thing wrong with the configuration, with the key and where it came from. */
export interface ConfigError {
  readonly key: string;
  /** `flag --data-dir`, `environment SCORPIOX_IMAP_PORT`, `/etc/scorpiox.toml`. */
  readonly origin: string;
  /** A whole sentence that says what to do. */
  readonly message: string;
}
