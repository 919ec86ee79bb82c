/** What the address of `/live` says. */
export interface LiveSearch {
  /** The query: docs/query-language.md. */
  readonly q?: string | undefined;
  readonly columns?: string | undefined;
  /** The event that is open, as `printEventAddress` spells it. */
  readonly event?: string | undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export const parseSearch = ({ q, columns, event }: Readonly<Record<string, unknown>>): LiveSearch => ({
  q: textOf(q),
  columns: textOf(columns),
  event: textOf(event),
});
