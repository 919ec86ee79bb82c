import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { type Config, tlsFolder } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import { type Handler, type Listener, makeListener } from '../http/listener.ts';
import { DRAIN_MS } from '../limits.ts';
import { cannotStart, type StartProblem } from './problem.ts';

/**
 * The sockets, and who answers on them. They are opened once, and whoever answers may change while connections are open:
 * a request goes to whoever answers when it comes.
 */
export class Front {
  readonly #config: Config;
  readonly #listeners: Listener[] = [];
  #handler: Handler = (_request, response) => response.writeHead(503).end();
  #addresses: readonly string[] = [];

  constructor(config: Config) {
    this.#config = config;
  }

  get isOpen(): boolean {
    return this.#addresses.length > 0;
  }

  /** `http://127.0.0.1:8080` and the like; none before it listens. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** Who answers from the next request on. */
  answerWith(handler: Handler): void {
    this.#handler = handler;
  }

  /** Opens what the configuration names. Where one socket cannot be opened, none stays open. */
  async listen(): Promise<Result<void, StartProblem>> {
    const opened = await this.#listenOnBoth();
    if (!opened.ok) await this.close();
    return opened;
  }

  /** Takes no new connections and lets those finish that are busy; what takes too long is cut off. */
  async close(): Promise<void> {
    const cut = setTimeout(() => {
      for (const listener of this.#listeners) listener.closeAllConnections();
    }, DRAIN_MS);
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    clearTimeout(cut);
  }

  async #listenOnBoth(): Promise<Result<void, StartProblem>> {
    const { port, tlsPort } = this.#config.insights;
    const answer: Handler = (request, response) => this.#handler(request, response);
    const plain = await this.#open(makeListener(answer), 'http', port, 'insights.port');
    if (!plain.ok || tlsPort === undefined) return plain;
    const secure = await makeSecure(answer, this.#config);
    return secure.ok ? this.#open(secure.value, 'https', tlsPort, 'insights.tls_port') : secure;
  }

  async #open(
    listener: Listener,
    scheme: 'http' | 'https',
    port: number,
    key: string,
  ): Promise<Result<void, StartProblem>> {
    const { host } = this.#config.insights;
    try {
      const opened = await listener.listen(host, port);
      this.#listeners.push(listener);
      this.#addresses = [...this.#addresses, ...opened.map((address) => toUrl(address, scheme))];
      return ok(undefined);
    } catch (error) {
      return cannotStart(describeListenFailure(error, host, port, key));
    }
  }
}

/** Under the operator's own certificate, or one of the local authority that every part shares. */
async function makeSecure(answer: Handler, config: Config): Promise<Result<Listener, StartProblem>> {
  const { tlsCert, tlsKey } = config.insights;
  const own = tlsCert !== undefined && tlsKey !== undefined;
  try {
    const { certFile, keyFile } = own
      ? { certFile: tlsCert, keyFile: tlsKey }
      : await ensureCertificates({ folder: tlsFolder(config) });
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    return ok(makeListener(answer, { cert, key }));
  } catch (error) {
    const files = own ? `insights.tls_cert ${tlsCert}, insights.tls_key ${tlsKey}` : tlsFolder(config);
    const reason = error instanceof Error ? error.message : String(error);
    return cannotStart(`The TLS certificate cannot be used (${files}): ${reason}`);
  }
}

const toUrl = ({ family, address, port }: AddressInfo, scheme: 'http' | 'https'): string =>
  `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function describeListenFailure(error: unknown, host: string, port: number, key: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use by another program; stop it, or set ${key} to a free one.`;
  }
  if (code === 'EACCES') return `Port ${port} may not be opened by this user; set ${key} to one above 1023.`;
  const reason = error instanceof Error ? error.message : String(error);
  return `The server cannot listen on ${host}:${port} (insights.host, ${key}): ${reason}.`;
}
