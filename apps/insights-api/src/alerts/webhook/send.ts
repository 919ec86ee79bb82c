import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ALERT_ANSWER_BYTES } from '../../limits.ts';
import { DELIVERED, failed, type Outcome, reasonOf } from '../outcome.ts';
import { isInternal } from './addresses.ts';

/** All addresses of a name. Rejects when it has none. */
type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface WebhookOptions {
  /** Whether addresses inside the operator's own network may be called (`alerts.allow_internal`). */
  readonly allowInternal: boolean;
  /** Replaced by tests. */
  readonly resolve?: Resolve;
}

const resolveByDns: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/**
 * Posts JSON to an address that somebody typed. The name is resolved once, what it gives is checked, and the connection
 * goes to exactly the address that was checked: a name that answers otherwise the second time gains nothing. A redirect
 * is not followed. `id` is the same for every attempt.
 */
export async function postWebhook(
  url: string,
  { id, json }: { readonly id: string; readonly json: string },
  options: WebhookOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const refused = target === undefined ? 'It is no address.' : problemOf(target);
  if (target === undefined || refused !== undefined) return failed(refused ?? '', true);
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = await pickAddress(host, options, signal);
  if (typeof found === 'string') return failed(found);
  return exchange(target, found, { id, json }, signal);
}

/** What is wrong with a webhook's address as it is written; undefined when nothing is. */
export function problemOf(target: URL): string | undefined {
  if (target.protocol !== 'https:' && target.protocol !== 'http:')
    return 'A webhook is an https:// or http:// address.';
  if (target.username !== '' || target.password !== '') return 'A webhook’s address holds no user and no password.';
  return undefined;
}

interface Address {
  readonly address: string;
  readonly family: number;
}

/** An address to connect to, or why there is none. One internal address among others is enough to refuse all. */
async function pickAddress(
  host: string,
  { allowInternal, resolve = resolveByDns }: WebhookOptions,
  signal: AbortSignal,
): Promise<Address | string> {
  const family = isIP(host);
  let addresses: readonly Address[];
  try {
    addresses = family === 0 ? await Promise.race([resolve(host), rejectAtEnd(signal)]) : [{ address: host, family }];
  } catch (error) {
    return `The name ${host} cannot be resolved: ${reasonOf(error)}.`;
  }
  if (!allowInternal && addresses.some(({ address }) => isInternal(address))) {
    return `${host} is inside the own network; set alerts.allow_internal to call such addresses.`;
  }
  return addresses[0] ?? `The name ${host} has no address.`;
}

/** A look-up cannot be cut off, only left behind. */
async function rejectAtEnd(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('it took too long');
}

async function exchange(
  target: URL,
  { address, family }: Address,
  { id, json }: { readonly id: string; readonly json: string },
  signal: AbortSignal,
): Promise<Outcome> {
  const pinned: LookupFunction = (_host, { all }, callback) => {
    if (all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    'user-agent': 'scorpiox',
    'idempotency-key': id,
  };
  try {
    const status = await statusOf(
      send(target, { method: 'POST', headers, lookup: pinned, agent: false, signal }),
      json,
    );
    if (status >= 200 && status < 300) return DELIVERED;
    // 408, 425, 429: come back later. A redirect would lead to an address that nobody has checked.
    const permanent = status >= 300 && status < 500 && ![408, 425, 429].includes(status);
    return failed(`${target.host} answered ${status}.`, permanent);
  } catch (error) {
    return failed(
      signal.aborted ? `${target.host} took too long.` : `${target.host} cannot be reached: ${reasonOf(error)}.`,
    );
  }
}

/** The answer's status; its body is read, up to a bound, and thrown away. */
function statusOf(request: ClientRequest, json: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request.on('error', reject);
  request.on('response', (response) => {
    let read = 0;
    response.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > ALERT_ANSWER_BYTES) response.destroy();
    });
    response.on('close', () => resolve(response.statusCode ?? 0));
    response.on('error', () => resolve(response.statusCode ?? 0));
  });
  request.end(json);
  return promise;
}
