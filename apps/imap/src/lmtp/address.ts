/** Addresses of the envelope (RFC 5321 §4.1.2) and what of them names an account. */

export interface Address {
  /** As it was written between the angle brackets, without a source route: for header fields and answers. */
  readonly text: string;
  /** Without quotation. Empty in the null sender alone. */
  readonly local: string;
  /** Undefined where there is none, which mail systems take for their own. */
  readonly domain: string | undefined;
}

/** The null sender, of bounces. */
const NULL_SENDER: Address = { text: '', local: '', domain: undefined };

/** An address at the start of `text`, and what follows it. */
export interface ReadPath {
  readonly address: Address;
  readonly rest: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is what this is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"(?:@(.+))?$/;
const ATOMS = /^([^\s"<>@,;:\\()]+)(?:@(.+))?$/;
const DOMAIN = /^(?:[^\s"<>@,;:\\()[\]]+|\[[^\s[\]<>]+\])$/;

/** Reads `<address>`, then a space or the end. Undefined where that is not what stands there. */
export function readPath(text: string): ReadPath | undefined {
  const path = /^<((?:[^"<>\\]|"(?:[^"\\]|\\.)*")*)>(?: +(.*))?$/.exec(text);
  if (path === null) return undefined;
  const [, inner = '', rest = ''] = path;
  const address = parseAddress(inner.replace(/^@[^:"]*:/, '')); // RFC 5321 §3.6.1: a source route is ignored
  return address === undefined ? undefined : { address, rest };
}

function parseAddress(text: string): Address | undefined {
  if (text === '') return NULL_SENDER;
  if (CONTROL.test(text)) return undefined;
  const [, local = '', domain] = QUOTED.exec(text) ?? ATOMS.exec(text) ?? [];
  if (local === '' || (domain !== undefined && !DOMAIN.test(domain))) return undefined;
  return { text, local: text.startsWith('"') ? local.replace(/\\(.)/g, '$1') : local, domain };
}

/** Whether an address needs SMTPUTF8 (RFC 6531 §3.3). */
export const isBeyondAscii = ({ text }: Address): boolean => /[^\x20-\x7e]/.test(text);

/** An account that an address may mean, and the detail that is left then. */
export interface Candidate {
  readonly account: string;
  readonly detail: string | undefined;
}

/**
 * What an address may mean, best first. Names of accounts may hold `@` and `+`, so the whole address is one before its
 * local part is, and `a+b+c` means `a+b+c` before `a+b` with the detail `c`, and that before `a` with `b+c`. Which domains
 * are this server's is the mail server's to know: it sends no others here.
 */
export function* candidatesOf({ local, domain }: Address): Generator<Candidate, void, void> {
  for (let end = local.length; end > 0; end = local.lastIndexOf('+', end - 1)) {
    const name = local.slice(0, end);
    const detail = end === local.length ? undefined : local.slice(end + 1);
    if (domain !== undefined) yield { account: `${name}@${domain}`, detail };
    yield { account: name, detail };
  }
}
