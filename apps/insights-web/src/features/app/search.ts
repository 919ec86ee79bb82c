/** The sections of an application's page, as the address and the page name them. */
export const TABS = [
  { id: 'overview', name: 'Overview' },
  { id: 'operations', name: 'Operations' },
  { id: 'dependencies', name: 'Dependencies' },
  { id: 'exceptions', name: 'Exceptions' },
  { id: 'instances', name: 'Instances' },
  { id: 'metrics', name: 'Metrics' },
  { id: 'views', name: 'Page views' },
  { id: 'events', name: 'Events' },
] as const;
export type Tab = (typeof TABS)[number]['id'];

/** What the address of `/apps/:app` says beside the time range; what is as by default is left out. */
export interface AppSearch {
  readonly tab?: Tab | undefined;
  /** The order of the section's list. */
  readonly sort?: string | undefined;
  /** Of versions, beside that of instances. */
  readonly sortVersions?: string | undefined;
  /** Of a metric's parts. */
  readonly sortParts?: string | undefined;
  /** Only names with this in them. */
  readonly filter?: string | undefined;
  /** The one of the list that is looked at closely. */
  readonly chosen?: string | undefined;
  /** The unit of a chosen metric that has one, and the dimension that it is split by. */
  readonly unit?: string | undefined;
  readonly by?: string | undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads the query of an address: nonsense in it falls back to the default. */
export const parseSearch = (query: Readonly<Record<string, unknown>>): AppSearch => ({
  tab: TABS.find(({ id }) => id === query.tab && id !== 'overview')?.id,
  sort: textOf(query.sort),
  sortVersions: textOf(query.sortVersions),
  sortParts: textOf(query.sortParts),
  filter: textOf(query.filter),
  chosen: textOf(query.chosen),
  unit: textOf(query.unit),
  by: textOf(query.by),
});
