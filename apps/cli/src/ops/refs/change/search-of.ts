import type { AbsolutePath } from '../absolute-path.ts';
import { type Search, searchFor } from '../match.ts';

let last: { readonly text: string; readonly search: Search } | undefined;

/** The search for a path. A run looks for one in thousands of files, and its patterns cost more than most of these. */
export function searchOf(path: AbsolutePath): Search {
  if (last?.text !== path.text) last = { text: path.text, search: searchFor(path) };
  return last.search;
}
