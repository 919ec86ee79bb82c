import { dirname, join } from 'node:path';
import { type Config, mailPlaces } from '@scorpiox/shared/config';

/** Where a user's mail lies, and where it is built anew beside that: on the same disk, under a name that no user can have. */
export interface RestorePlaces {
  readonly home: string;
  readonly staging: string;
}

export function restorePlaces(config: Config, user: string, backupName: string): RestorePlaces {
  const home = dirname(mailPlaces(config, user).maildir);
  return { home, staging: join(dirname(home), `${stagingPrefix(user)}${backupName}`) };
}

/** Before the backup's name, which begins with a digit and has capitals: no other user's name fits. */
export const stagingPrefix = (user: string): string => `.restoring-${user}-`;

/** Under this name goes what was in the place of mail that comes back: it has no messages, and whoever wants may remove it. */
export const asidePlace = (home: string, user: string, now: number): string =>
  join(dirname(home), `.before-restore-${user}-${now}`);

/** The Maildir and the index in a home; the layout is `mailPlaces`'s. */
export const placesIn = (home: string) => ({ maildir: join(home, 'Maildir'), indexFile: join(home, 'index.db') });

/** Says of a mailbox that all of it is in the staging. */
export const markerIn = (staging: string, folder: string): string =>
  join(staging, 'staged', folder === '' ? 'INBOX' : encodeURIComponent(folder));
