/**
 * The schema of a user's index, as migrations that only ever grow: entry n leads from version n to n + 1.
 *
 * `messages.mask` holds the flag letters as bits (file-name.ts), `info` the file name after the base exactly as it is on
 * disk, `extra` the keywords that have no letter. `exact` is 0 while the sizes are only what the file name claims.
 * `mailboxes.scanned` names the directories and their times at the last scan that can be trusted. AUTOINCREMENT keeps
 * the number of a deleted mailbox from meaning another one to a process that still has it open.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder TEXT NOT NULL UNIQUE,
    uidvalidity INTEGER NOT NULL,
    uidnext INTEGER NOT NULL,
    highestmodseq INTEGER NOT NULL,
    scanned TEXT NOT NULL
  ) STRICT;
  CREATE TABLE messages (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    uid INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    base TEXT NOT NULL,
    in_new INTEGER NOT NULL,
    info TEXT NOT NULL,
    mask INTEGER NOT NULL,
    extra TEXT NOT NULL,
    recent INTEGER NOT NULL,
    internal_date INTEGER NOT NULL,
    size INTEGER NOT NULL,
    virtual_size INTEGER NOT NULL,
    exact INTEGER NOT NULL,
    PRIMARY KEY (mailbox, uid)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX messages_base ON messages (mailbox, base);
  CREATE INDEX messages_modseq ON messages (mailbox, modseq);
  CREATE INDEX messages_recent ON messages (mailbox) WHERE recent = 1;
  CREATE INDEX messages_new ON messages (mailbox) WHERE in_new = 1;
  CREATE TABLE expunged (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    modseq INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    PRIMARY KEY (mailbox, modseq, uid)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rendered (
    mailbox INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    version INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    body TEXT NOT NULL,
    body_structure TEXT NOT NULL,
    PRIMARY KEY (mailbox, uid),
    FOREIGN KEY (mailbox, uid) REFERENCES messages (mailbox, uid) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE keywords (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (mailbox, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE used_names (
    folder TEXT PRIMARY KEY,
    uidvalidity INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
