/** Where the framer stands in the stream: see framer.ts, which has the diagram. */
import { ANNOUNCEMENT_WIDTH, type Announcement, readAnnouncement } from './announcement.ts';

export type State =
  | { readonly at: 'line' | 'skip-raw-line' }
  | { readonly at: 'decision'; readonly literal: Announcement; readonly message?: MessageState }
  | { readonly at: 'literal'; readonly left: number }
  | { readonly at: 'skip-literal'; readonly left: number; readonly eager: boolean }
  | ({ readonly at: 'message'; readonly left: number } & MessageState)
  | ({ readonly at: 'message-end' } & MessageState)
  | { readonly at: 'skip-line'; readonly tail: Uint8Array; readonly eager: boolean };

/** What is remembered while a message of an APPEND passes: for answers, and whether a parenthesis must close it. */
export interface MessageState {
  readonly tag: string;
  readonly utf8: boolean;
}

export const LINE: State = { at: 'line' };
export const NOTHING = new Uint8Array(0);
export const SKIP_LINE: State = { at: 'skip-line', tail: NOTHING, eager: false };

/** Where a line leads that is the last of a refused command, unless it announces octets that come all the same. */
export function afterSkipped(text: Uint8Array, eager: boolean): State {
  const literal = readAnnouncement(text);
  const comes = literal !== undefined && (eager || !literal.synchronizing);
  return comes ? { at: 'skip-literal', left: literal.length, eager } : LINE;
}

/** An announcement and the line end after it. */
export const TAIL = ANNOUNCEMENT_WIDTH + 2;
