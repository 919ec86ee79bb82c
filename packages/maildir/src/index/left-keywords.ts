/** Which messages have keywords that no file name can hold. */
import type { Connection } from './connection.ts';
import { text } from './row.ts';

/** The uses of each keyword of a mailbox that the index alone holds. */
export function countLeftKeywords(db: Connection, mailbox: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of db.prepare("SELECT extra FROM messages WHERE mailbox = ? AND extra <> ''").all(mailbox)) {
    for (const name of text(row, 'extra').split(' ')) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
