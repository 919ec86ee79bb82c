/** An IMAP server as a place where mail is, and what it says of its mailboxes. */
import { decodeUtf7, type SpecialUse } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { ImapClient } from '../../imap-client/client.ts';
import { astring } from '../../imap-client/command.ts';
import { connectImap, type ImapPlace } from '../../imap-client/connect.ts';
import { ImapError, imapFailure } from '../../imap-client/errors.ts';
import type { Data } from '../../imap-client/response.ts';
import { type Credentials, signIn } from '../../imap-client/sign-in.ts';
import { textOf, type Value } from '../../imap-client/values.ts';

export interface ImapServer {
  readonly place: ImapPlace;
  readonly credentials: Credentials;
}

/** Connects and signs in; the signal ends the connection. */
export async function signInTo(server: ImapServer, signal: AbortSignal): Promise<Result<ImapClient, Failure>> {
  let client: ImapClient | undefined;
  try {
    const connected = await connectImap(server.place, { signal });
    client = connected.client;
    if (!connected.isSignedIn) await signIn(client, server.credentials);
    return ok(client);
  } catch (error) {
    client?.close();
    if (error instanceof ImapError) return err(imapFailure(error));
    throw error;
  }
}

/** A mailbox as LIST tells it. */
export interface ListedMailbox {
  /** As the server writes it. */
  readonly name: string;
  /** Its levels, in Unicode, without the prefix of a namespace. */
  readonly path: readonly string[];
  /** In lower case. */
  readonly attributes: ReadonlySet<string>;
  readonly subscribed: boolean;
}

/** Where a user's own mailboxes are (RFC 2342). */
interface Namespace {
  readonly prefix: string;
  readonly delimiter: string;
}

export interface Listing {
  readonly mailboxes: readonly ListedMailbox[];
  readonly own: Namespace;
}

const can = (client: ImapClient, name: string): boolean =>
  client.capabilities.has(name) || client.capabilities.has('IMAP4REV2');

/** All mailboxes but those of other users; rejects with `ImapError`. */
export async function listMailboxes(client: ImapClient): Promise<Listing> {
  const [[own] = [], ...others] = await readNamespaces(client);
  const isExtended = can(client, 'LIST-EXTENDED');
  const use = can(client, 'SPECIAL-USE') ? ' SPECIAL-USE' : '';
  const listed = await list(client, isExtended ? `LIST "" "*" RETURN (SUBSCRIBED${use})` : 'LIST "" "*"', 'LIST');
  const known = isExtended ? undefined : new Set((await list(client, 'LSUB "" "*"', 'LSUB')).map(({ name }) => name));
  const foreign = others.flat().map(({ prefix }) => prefix);
  const space = own ?? { prefix: '', delimiter: listed[0]?.delimiter ?? '/' };
  const mailboxes = listed
    .filter(({ name }) => !foreign.some((prefix) => prefix !== '' && name.startsWith(prefix)))
    .map(({ name, delimiter, attributes }) => ({
      ...{ name, attributes, path: pathOf(name, delimiter, space) },
      subscribed: known?.has(name) ?? attributes.has('\\subscribed'),
    }));
  return { mailboxes, own: space };
}

function pathOf(name: string, delimiter: string, { prefix }: Namespace): readonly string[] {
  const isBelow = prefix !== '' && name.startsWith(prefix) && name.length > prefix.length;
  const plain = isBelow ? name.slice(prefix.length) : name;
  return (delimiter === '' ? [plain] : plain.split(delimiter)).map((level) => decodeUtf7(level) ?? level);
}

interface ListLine {
  readonly name: string;
  readonly delimiter: string;
  readonly attributes: ReadonlySet<string>;
}

async function list(client: ImapClient, command: string, answer: string): Promise<readonly ListLine[]> {
  const lines: ListLine[] = [];
  await client.ok([command], {
    untagged: (response) => {
      const line = response.type === 'data' && response.name === answer ? listLine(response) : undefined;
      if (line !== undefined) lines.push(line);
    },
  });
  return lines;
}

function listLine({ values: [attributes, delimiter, name] }: Data): ListLine | undefined {
  const text = name === null ? 'NIL' : textOf(name); // a mailbox may be called NIL
  if (!Array.isArray(attributes) || text === undefined || text === '') return undefined;
  const words = attributes.map((one: Value) => (textOf(one) ?? '').toLowerCase());
  return { name: text, delimiter: textOf(delimiter) ?? '', attributes: new Set(words) };
}

/** The user's own namespaces, those of other users, and shared ones. */
async function readNamespaces(client: ImapClient): Promise<readonly (readonly Namespace[])[]> {
  let found: readonly (readonly Namespace[])[] = [];
  if (!can(client, 'NAMESPACE')) return found;
  await client.ok(['NAMESPACE'], {
    untagged: (response) => {
      if (response.type === 'data' && response.name === 'NAMESPACE') found = response.values.map(namespacesIn);
    },
  });
  return found;
}

function namespacesIn(value: Value): readonly Namespace[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: Value) => {
    const [prefix, delimiter] = Array.isArray(one) ? one.map(textOf) : [];
    return prefix === undefined ? [] : [{ prefix, delimiter: delimiter ?? '' }];
  });
}

const USES: Readonly<Record<string, SpecialUse>> = {
  '\\archive': '\\Archive',
  '\\drafts': '\\Drafts',
  '\\junk': '\\Junk',
  '\\sent': '\\Sent',
  '\\trash': '\\Trash',
};

export const specialUseOf = ({ attributes }: Pick<ListedMailbox, 'attributes'>): SpecialUse | undefined =>
  [...attributes].map((attribute) => USES[attribute]).find((use) => use !== undefined);

/** STATUS of a mailbox: its numbers by name; what the server does not tell is missing. */
export async function statusOf(client: ImapClient, name: string): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const size = can(client, 'STATUS=SIZE') ? ' SIZE' : '';
  await client.ok(['STATUS ', ...astring(name), ` (MESSAGES UIDVALIDITY${size})`], {
    untagged: (response) => {
      const items = response.type === 'data' && response.name === 'STATUS' ? response.values[1] : undefined;
      const words = Array.isArray(items) ? items.map((one: Value) => textOf(one) ?? '') : [];
      for (let at = 0; at + 1 < words.length; at += 2) {
        numbers.set((words[at] ?? '').toUpperCase(), Number(words[at + 1]));
      }
    },
  });
  return numbers;
}
