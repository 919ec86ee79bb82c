/**
 * Labels of Google's export ("Takeout"). A message has several there and one mailbox here: the one that says most of where
 * it was; the other labels become keywords. Pure. The names are those of an English account; others are labels like a
 * person's own, and become mailboxes of that name.
 */
import type { Flag } from '@scorpiox/maildir';
import { toKeyword } from '@scorpiox/maildir/format';

/** Where a message goes, the first of these that it has; a person's own labels come before `Archived`. */
const PLACES: readonly (readonly [label: string, path: string])[] = [
  ['trash', 'Trash'],
  ['spam', 'Spam'],
  ['drafts', 'Drafts'],
  ['draft', 'Drafts'],
  ['inbox', 'INBOX'],
  ['sent', 'Sent'],
];
/** Labels that are flags, or that everything has. */
const STATES: readonly string[] = ['unread', 'opened', 'starred', 'archived', 'all mail'];

interface Labelled {
  readonly path: readonly string[];
  readonly flags: readonly Flag[];
}

export function placeByLabels(labels: readonly string[]): Labelled {
  const has = (label: string): boolean => labels.some((one) => one.toLowerCase() === label);
  const known = PLACES.find(([label]) => has(label));
  const others = labels.filter((label) => {
    const name = label.toLowerCase();
    return !STATES.includes(name) && !PLACES.some(([place]) => place === name);
  });
  const own = others.find((label) => !/^(important|category .*)$/i.test(label));
  const path = known?.[1].split('/') ?? own?.split('/').filter((level) => level !== '') ?? [];
  const keywords = known === undefined ? others.filter((label) => label !== own) : others;
  return {
    path: path.length === 0 ? ['Archive'] : path,
    flags: [
      ...(has('unread') ? [] : ['\\Seen']),
      ...(has('starred') ? ['\\Flagged'] : []),
      ...(has('draft') || has('drafts') ? ['\\Draft'] : []),
      ...keywords.map((label) => (label.toLowerCase() === 'important' ? '$Important' : toKeyword(label))),
    ],
  };
}
