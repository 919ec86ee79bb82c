/**
 * Courier's keywords: `courierimapkeywords/:list` names the keywords, one a line, and after an empty line the messages,
 * `<base name>:<number> <number> …`. A file called like a message's base name, or `.<n>.<base name>` with the highest n,
 * holds that message's newest keywords, one a line. Pure.
 */

/** The keywords of each message, by base name. */
export type MessageKeywords = Map<string, readonly string[]>;

/** Collects `:list` line by line. */
export class KeywordListReader {
  readonly keywords: MessageKeywords = new Map();
  readonly #names: string[] = [];
  #inMessages = false;
  /** Lines that made no sense. */
  ignored = 0;

  add(line: string | undefined): boolean {
    if (line === undefined) this.ignored += 1;
    else if (this.#inMessages) this.#addMessage(line);
    else if (line === '') this.#inMessages = true;
    else this.#names.push(line);
    return true;
  }

  #addMessage(line: string): void {
    const parts = /^([^:/]+):([\d ]+)$/.exec(line);
    const names = parts?.[2]
      ?.trim()
      .split(/ +/)
      .map((number) => this.#names[Number(number)]);
    if (parts?.[1] === undefined || names === undefined || names.includes(undefined)) {
      if (line !== '') this.ignored += 1;
      return;
    }
    this.keywords.set(
      parts[1],
      names.filter((name) => name !== undefined),
    );
  }
}

/** Which of the directory's files tells each message's newest keywords: base name to file name. */
export function newestFiles(names: readonly string[]): Map<string, string> {
  const newest = new Map<string, { readonly name: string; readonly rank: number }>();
  for (const name of names) {
    if (name === ':list' || name.startsWith(':')) continue;
    const numbered = /^\.(\d{1,15})\.(.+)$/.exec(name);
    const base = numbered?.[2] ?? name;
    const rank = numbered === null ? Number.POSITIVE_INFINITY : Number(numbered[1]);
    if (base.startsWith('.') || rank < (newest.get(base)?.rank ?? 0)) continue;
    newest.set(base, { name, rank });
  }
  return new Map([...newest].map(([base, { name }]) => [base, name]));
}
