import { useNavigate, useSearch } from '@tanstack/react-router';
import { parseSort, printSort, type Sort, type SortKey } from './sort.ts';

/** What the address holds of orders: a page with one table calls its order `sort`, one with several says which. */
export type SortParameter =
  | 'sort'
  | 'sortCalls'
  | 'sortApps'
  | 'sortRules'
  | 'sortMessages'
  | 'sortVersions'
  | 'sortParts';

export type SortSearch<Parameter extends SortParameter> = { readonly [Name in Parameter]?: string | undefined };

/** Reads the orders of an address, for a route's `validateSearch`; which columns there are only its tables know. */
export const validateSorts = <Parameter extends SortParameter>(
  query: Readonly<Record<string, unknown>>,
  ...parameters: readonly Parameter[]
): SortSearch<Parameter> => {
  const read: { [Name in SortParameter]?: string } = {};
  for (const name of parameters) {
    const text = query[name];
    if (typeof text === 'string' && text !== '') read[name] = text;
  }
  return read;
};

interface Sortable {
  readonly id: string;
  readonly key?: ((row: never) => SortKey) | undefined;
}

/** The order of a table that the address holds, and how to change it; the route has to let `parameter` through. */
export function useAddressSort(
  parameter: SortParameter,
  columns: readonly Sortable[],
  first: Sort,
): readonly [Sort, (next: Sort) => void] {
  const search: SortSearch<SortParameter> = useSearch({ strict: false });
  const navigate = useNavigate();
  const sortable = columns.filter(({ key }) => key !== undefined).map(({ id }) => id);
  const change = (next: Sort): void => {
    void navigate({
      to: '.',
      search: (current) => ({ ...current, [parameter]: printSort(next, first) }),
      replace: true,
      resetScroll: false,
    });
  };
  return [parseSort(search[parameter], sortable, first), change];
}
