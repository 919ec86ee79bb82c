/**
 * Notices that certificate and key were replaced, so that a server takes the new ones without being told or started
 * again. The files are read every two seconds and compared: an event of the file system says nothing of a certificate on
 * the other side of a symbolic link, as certbot has them.
 *
 * Whoever replaces both does one after the other. A pair that does not go together is read again at the next look, and
 * told as trouble once.
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LOOK_MS } from './limits.ts';

/** Certificate chain and private key, PEM. */
export interface CertificatePair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface WatchOptions {
  /** Where the files are; asked anew each time, so that whoever keeps them in order may do so. */
  readonly locate: () => Promise<{ readonly certFile: string; readonly keyFile: string }>;
  /** Takes another pair, which goes together. */
  readonly take: (pair: CertificatePair) => void | Promise<void>;
  /** They cannot be used: the old ones stay. */
  readonly trouble: (why: string) => void;
}

export class CertificateWatch {
  readonly #options: WatchOptions;
  #taken: string | undefined;
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** From now on every two seconds. What is there now counts as taken. */
  start(pair?: CertificatePair): void {
    this.#taken = pair === undefined ? undefined : digestOf(pair);
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
    if (pair === undefined) void this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks once. The first pair that is seen is the one that is in use already. Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#compare();
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    } finally {
      this.#looking = false;
    }
  }

  async #compare(): Promise<void> {
    const pair = await readPair(await this.#options.locate());
    const digest = digestOf(pair);
    const isNew = this.#taken !== undefined && digest !== this.#taken;
    if (isNew) await this.#options.take(pair);
    this.#taken = digest;
    this.#told = undefined;
  }

  /** Once for as long as it is the same. */
  #tell(why: string): void {
    if (why !== this.#told) this.#options.trouble(why);
    this.#told = why;
  }
}

/** Reads both. Rejects where they cannot be read, or do not go together: in a sentence for people. */
export async function readPair(files: {
  readonly certFile: string;
  readonly keyFile: string;
}): Promise<CertificatePair> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  // OpenSSL refuses a key that does not belong, in words for programmers; some kinds of keys it does not compare.
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error('The key is not the one of the certificate.');
  }
  return { cert, key };
}

const digestOf = ({ cert, key }: CertificatePair): string =>
  createHash('sha256').update(cert).update('\0').update(key).digest('base64');
