/**
 * The schema of a user's index, as migrations that only ever grow: entry n leads from version n to n + 1.
 *
 * `messages.mask` holds the flag letters as bits (file-name.ts), `info` the file name after the base exactly as it is on
 * disk, `extra` the keywords that have no letter. `details` says what is known of the file: 0 nothing but its name
 * (`internal_date`, `size` and `virtual_size` are 0), 1 its date and the sizes that its name claims or a stat tells, 2 its
 * sizes as counted. `email_id` is '' while it is the one that follows from the base name. `mailboxes.history_from` is the
 * modification sequence below which expunges have been forgotten.
 * `mailboxes.scanned` names the directories and their times at the last scan that can be trusted. AUTOINCREMENT keeps
 * the number of a deleted mailbox from meaning another one to a process that still has it open.
 * `modseq` is 1 in what a folder held when it was first read: nobody can have been told of less, and nothing of it has to
 * be in the index of changes. `uid_ranges` says which UIDs there are (uid-ranges.ts).
 * `adopted_uids` are UIDs that another server gave: a file of that base gets this UID when it is first seen.
 * `adopted_keywords` are, in the same way, what such a file's `extra` begins with. `facts` are single values: `boot` the machine's boot in which the index was last opened, `copied` when it was last copied.
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
  `
  ALTER TABLE messages RENAME COLUMN exact TO details;
  UPDATE messages SET details = details + 1;
  ALTER TABLE messages ADD COLUMN save_date INTEGER NOT NULL DEFAULT 0;
  UPDATE messages SET save_date = internal_date;
  ALTER TABLE messages ADD COLUMN email_id TEXT NOT NULL DEFAULT '';
  ALTER TABLE mailboxes ADD COLUMN object_id TEXT NOT NULL DEFAULT '';
  UPDATE mailboxes SET object_id = 'F' || lower(hex(randomblob(12)));
  ALTER TABLE mailboxes ADD COLUMN history_from INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE adopted_uids (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    base TEXT NOT NULL,
    uid INTEGER NOT NULL,
    PRIMARY KEY (mailbox, base)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE store_metadata (
    entry TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE mailbox_metadata (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    entry TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (mailbox, entry)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE adopted_keywords (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    base TEXT NOT NULL,
    names TEXT NOT NULL,
    PRIMARY KEY (mailbox, base)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE uid_ranges (
    mailbox INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (mailbox, first)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO uid_ranges SELECT mailbox, min(uid), max(uid) FROM
    (SELECT mailbox, uid, uid - row_number() OVER (PARTITION BY mailbox ORDER BY uid) AS run FROM messages)
    GROUP BY mailbox, run;
  DROP INDEX messages_modseq;
  CREATE INDEX messages_modseq ON messages (mailbox, modseq) WHERE modseq > 1;
  CREATE INDEX messages_unseen ON messages (mailbox) WHERE mask & 16 = 0;
  `,
];
