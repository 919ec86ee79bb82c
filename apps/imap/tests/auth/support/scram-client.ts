/**
 * A SCRAM-SHA-256 client after RFC 5802 and RFC 7677, for tests: written from the RFCs, and sharing nothing with the
 * server.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

export interface ScramOptions {
  readonly name: string;
  readonly password: string;
  readonly nonce: string;
  /** `n`, `y`, or `p=<type>`. */
  readonly flag: string;
  readonly bindingData?: Uint8Array;
  readonly authzid?: string;
}

const H = (data: Uint8Array) => createHash('sha256').update(data).digest();
const HMAC = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
const b64 = (data: Uint8Array | string) => Buffer.from(data).toString('base64');

export class ScramClient {
  readonly #options: ScramOptions;
  readonly #header: string;
  readonly #bare: string;
  #serverSignature = '';

  constructor(options: ScramOptions) {
    const encode = (name: string) => name.replaceAll('=', '=3D').replaceAll(',', '=2C');
    this.#options = options;
    this.#header = `${options.flag},${options.authzid === undefined ? '' : `a=${encode(options.authzid)}`},`;
    this.#bare = `n=${encode(options.name)},r=${options.nonce}`;
  }

  first(): string {
    return this.#header + this.#bare;
  }

  /** The final message to what the server said first. */
  final(serverFirst: string): string {
    const parts = Object.fromEntries(serverFirst.split(',').map((part) => [part.charAt(0), part.slice(2)]));
    const { r = '', s = '', i = '' } = parts;
    if (!r.startsWith(this.#options.nonce) || r.length <= this.#options.nonce.length) throw new Error('bad nonce');
    const salted = pbkdf2Sync(this.#options.password, Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
    const data = this.#options.bindingData ?? new Uint8Array(0);
    const without = `c=${b64(Buffer.concat([Buffer.from(this.#header), data]))},r=${r}`;
    const message = `${this.#bare},${serverFirst},${without}`;
    const clientKey = HMAC(salted, 'Client Key');
    const signature = HMAC(H(clientKey), message);
    this.#serverSignature = b64(HMAC(HMAC(salted, 'Server Key'), message));
    return `${without},p=${b64(clientKey.map((octet, at) => octet ^ (signature[at] ?? 0)))}`;
  }

  /** Whether the server knows the password as well. */
  trusts(serverFinal: string): boolean {
    return serverFinal === `v=${this.#serverSignature}`;
  }
}
