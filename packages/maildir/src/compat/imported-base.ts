/**
 * mbsync writes a message's UID into its file name (`,U=n`). What that means here:
 *  - A message that is *imported* (appended from a Maildir, copied or moved into another folder) leaves it behind: there
 *    the number would name another message, and mbsync takes two files of one number for one message.
 *  - A folder that mbsync keeps (`.uidvalidity`, `.mbsyncstate` or `isyncuidmap.db` beside the mail) is left as it is:
 *    mbsync may write to it at any time and finds its messages again by that number. Nothing is renamed when the folder
 *    is first seen, and the numbers are not adopted: no client of a server has ever seen them. When mbsync gives a number
 *    to a message of ours, it renames the file to another base name; the message keeps its UID (`sync/renumbered.ts`).
 */

/** The base name that an imported message's new name may be made of. */
export const importedBase = (base: string): string => base.replace(/,U=\d+(?=,|$)/g, '');
