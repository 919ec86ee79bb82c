import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../failure.ts';

/** What the demonstration remembers from one start to the next, in a file that only its owner can read. */
export interface Notes {
  /** Whether the demonstration made the account `demo`: it touches nobody else's. */
  readonly ownsAccount: boolean;
  /** Of that account. */
  readonly password: string;
  /** Messages of the collection that were delivered. */
  readonly mailDelivered: number;
  /** Milliseconds since the epoch. */
  readonly firstStart: number;
  /** Telemetry before this moment was sent, milliseconds since the epoch. */
  readonly sentUntil: number;
}

const fileOf = (dataDir: string): string => join(dataDir, 'demo.json');

/** Notes for a first start. */
export const freshNotes = (now: number): Notes => ({
  ownsAccount: false,
  password: randomBytes(9).toString('base64url'),
  mailDelivered: 0,
  firstStart: now,
  sentUntil: 0,
});

/** The notes of an earlier start, if there was one. */
export async function readNotes(dataDir: string): Promise<Notes | undefined> {
  try {
    return parseNotes(await readFile(fileOf(dataDir), 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when the text is no notes: what could be lost with them is made anew. */
function parseNotes(text: string): Notes | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('password' in value) || typeof value.password !== 'string') return undefined;
  const number = (name: string): number => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'number' && Number.isFinite(found) ? found : 0;
  };
  return {
    ownsAccount: 'ownsAccount' in value && value.ownsAccount === true,
    password: value.password,
    mailDelivered: number('mailDelivered'),
    firstStart: number('firstStart'),
    sentUntil: number('sentUntil'),
  };
}

/** Replaces the notes in one step. */
export async function writeNotes(dataDir: string, notes: Notes): Promise<void> {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(notes)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(dataDir));
}
