/** Runs the platform: starts its parts in order, keeps them running, stops them in order. */
import { mkdir } from 'node:fs/promises';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { type Config, tlsFolder } from '@scorpiox/shared/config';
import { connectionString } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Demo, startDemo } from '../demo/demo.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import { databaseFailure, withControl } from '../insights/control.ts';
import { SIGN_IN_LINK_TTL_MS } from '../limits.ts';
import { Keeper } from './keeper.ts';
import { entryOf, type PartName } from './locate.ts';
import { lockDataDir } from './lock.ts';
import { THRIFT } from './thrift.ts';

export interface UpOptions {
  readonly config: Config;
  /** For the parts: the environment, with what the command line said put into it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly demo: boolean;
  /** Stop in good order; stop now. */
  readonly stop: AbortSignal;
  readonly force: AbortSignal;
  /** What the parts say, and what becomes of them, line by line. */
  readonly print: (line: string) => void;
  /** Called once, when everything answers. */
  readonly onRunning: (running: Running) => void;
}

/** Where everything is. */
export interface Running {
  /** Of the IMAP server, as it says. */
  readonly imapAddresses: readonly string[];
  /** Base address of dashboard and API. */
  readonly url: string;
  /** The same over TLS, where `insights.tls_port` is set. */
  readonly secureUrl?: string;
  /** Signs an admin in, once, for a quarter of an hour. */
  readonly signInLink: string;
  /** The local CA's certificate; undefined where the certificates are the operator's own. */
  readonly caFile?: string;
  readonly demoAccount?: { readonly user: string; readonly password: string };
}

/** Runs until `stop`. Fails when the platform cannot be started; then nothing of it is left running. */
export async function up(options: UpOptions): Promise<Result<void, Failure>> {
  const { dataDir } = options.config;
  const folder = await makeDataDir(dataDir);
  if (!folder.ok) return folder;
  const lock = await lockDataDir(dataDir);
  if (!lock.ok) return lock;
  const platform = new Platform(options);
  try {
    const running = await platform.start();
    if (!running.ok && !options.stop.aborted) return running;
    if (running.ok && !options.stop.aborted) options.onRunning(running.value);
    await aborted(options.stop);
    await platform.stop();
    return options.force.aborted ? err(killed()) : ok(undefined);
  } finally {
    await platform.stop();
    await lock.value.release();
  }
}

async function makeDataDir(dataDir: string): Promise<Result<void, Failure>> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return ok(undefined);
  } catch (error) {
    const code = systemErrorCode(error);
    const message = `The data folder ${dataDir} cannot be made (${code ?? String(error)}). Name another with --data-dir, or make it for this user.`;
    return err({ kind: kindOfSystemError(code), message });
  }
}

const killed = (): Failure => ({ kind: 'interrupted', message: 'The parts were killed before they had stopped.' });

class Platform {
  readonly #options: UpOptions;
  readonly #demoStop = new AbortController();
  readonly #keepers = new Map<PartName, Keeper>();
  #demo: Demo | undefined;

  constructor(options: UpOptions) {
    this.#options = options;
    options.force.addEventListener('abort', () => {
      for (const keeper of this.#keepers.values()) keeper.kill();
    });
    // Also while something is starting: what waits for it then learns that it was stopped.
    options.stop.addEventListener('abort', () => void this.stop());
  }

  async start(): Promise<Result<Running, Failure>> {
    const { config, demo, print } = this.#options;
    // First, since it brings the database of an older program to its version, and says how far it is.
    const api = await this.#keep('insights-api', {});
    if (!api.ok) return api;
    const telemetryKey = await ensureImapApp(config);
    if (!telemetryKey.ok) return telemetryKey;
    const endpoint = api.value.find((address) => address.startsWith('http://')) ?? config.insights.publicUrl;
    const imap = await this.#keep('imap', telemetryEnvironment(telemetryKey.value, endpoint));
    if (!imap.ok) return imap;
    if (demo) {
      const started = await startDemo({ config, endpoint, signal: this.#demoStop.signal, print });
      if (!started.ok) return started;
      this.#demo = started.value;
    }
    const secureUrl = api.value.find((address) => address.startsWith('https://'));
    return this.#describe(imap.value, config.insights.port === 0 ? endpoint : config.insights.publicUrl, secureUrl);
  }

  /** Mail first: its sessions end while telemetry about them can still be sent. Safe to call twice. */
  async stop(): Promise<void> {
    this.#demoStop.abort();
    await this.#demo?.ended;
    await this.#keepers.get('imap')?.stop();
    await this.#keepers.get('insights-api')?.stop();
  }

  /** Starts a part and waits until it listens; the answer is its addresses. */
  async #keep(part: PartName, more: Readonly<Record<string, string>>): Promise<Result<readonly string[], Failure>> {
    const { env, cwd, print, stop } = this.#options;
    if (stop.aborted) return err({ kind: 'interrupted', message: 'Stopped before everything was started.' });
    const { env: thrift, flags } = THRIFT[part];
    const spec = { name: part, entry: entryOf(part), flags, env: { ...thrift, ...env, ...more }, cwd };
    const keeper = new Keeper(spec, print);
    this.#keepers.set(part, keeper);
    return keeper.started;
  }

  async #describe(
    imapAddresses: readonly string[],
    url: string,
    secureUrl: string | undefined,
  ): Promise<Result<Running, Failure>> {
    const { config } = this.#options;
    const signInLink = await withControl(config, async (control) => {
      const { token } = await control.addSignInLink({ user: 'operator', role: 'admin', ttlMs: SIGN_IN_LINK_TTL_MS });
      return ok(`${url}/sign-in#token=${token}`);
    });
    if (!signInLink.ok) return signInLink;
    const account = this.#demo?.account;
    const isLocal =
      config.imap.tlsCert === undefined || (secureUrl !== undefined && config.insights.tlsCert === undefined);
    const caFile = isLocal ? await localCaFile(config) : undefined;
    return ok({
      imapAddresses,
      url,
      ...(secureUrl === undefined ? {} : { secureUrl }),
      signInLink: signInLink.value,
      ...(caFile === undefined ? {} : { caFile }),
      ...(account === undefined ? {} : { demoAccount: account }),
    });
  }
}

/** The ingest key of the IMAP server's own telemetry; undefined where that goes elsewhere. */
function ensureImapApp(config: Config): Promise<Result<string | undefined, Failure>> {
  if (config.telemetry.connectionString !== undefined) return Promise.resolve(ok(undefined));
  return withControl(config, async (control) => {
    const app = await control.ensureApp('scorpiox-imap');
    return app.ok ? ok(app.value.key) : err(databaseFailure(app.error));
  });
}

function telemetryEnvironment(key: string | undefined, endpoint: string): Record<string, string> {
  return key === undefined ? {} : { SCORPIOX_TELEMETRY_CONNECTION_STRING: connectionString(key, endpoint) };
}

async function localCaFile(config: Config): Promise<string> {
  const { caFile } = await ensureCertificates({ folder: tlsFolder(config) });
  return caFile;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
