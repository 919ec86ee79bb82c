import type { AddressInfo } from 'node:net';
import { type CertificatePair, CertificateWatch, ensureCertificates, readPair } from '@scorpiox/shared/certificates';
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
  readonly #warn: (text: string) => void;
  readonly #listeners: Listener[] = [];
  #certificates: CertificateWatch | undefined;
  #handler: Handler = (_request, response) => response.writeHead(503).end();
  #addresses: readonly string[] = [];

  constructor(config: Config, warn: (text: string) => void) {
    this.#config = config;
    this.#warn = warn;
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
    this.#certificates?.stop();
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
    if (!secure.ok) return secure;
    const { listener, pair } = secure.value;
    const opened = await this.#open(listener, 'https', tlsPort, 'insights.tls_port');
    if (opened.ok) this.#watch(listener, pair);
    return opened;
  }

  /** Takes a certificate that is put in the place of the one before. */
  #watch(listener: Listener, pair: CertificatePair): void {
    this.#certificates = new CertificateWatch({
      locate: () => certificateOf(this.#config),
      take: (renewed) => listener.renew(renewed),
      trouble: (why) => this.#warn(`The TLS certificate cannot be used, the one before stays in use: ${why}`),
    });
    this.#certificates.start(pair);
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

/** The operator's own certificate, or the one of the local authority that every part shares, kept in order. */
async function certificateOf(config: Config): Promise<{ readonly certFile: string; readonly keyFile: string }> {
  const { tlsCert, tlsKey } = config.insights;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  return ensureCertificates({ folder: tlsFolder(config) });
}

interface Secure {
  readonly listener: Listener;
  readonly pair: CertificatePair;
}

async function makeSecure(answer: Handler, config: Config): Promise<Result<Secure, StartProblem>> {
  try {
    const pair = await readPair(await certificateOf(config));
    return ok({ listener: makeListener(answer, pair), pair });
  } catch (error) {
    const { tlsCert, tlsKey } = config.insights;
    const files =
      tlsCert !== undefined ? `insights.tls_cert ${tlsCert}, insights.tls_key ${tlsKey}` : tlsFolder(config);
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
