/** Whether a name has every word of `words` in it, in whatever case and order. */
export const matchesWords = (name: string, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.toLowerCase().includes(word));
