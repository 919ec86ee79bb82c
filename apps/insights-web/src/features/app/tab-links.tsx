import { Link, useNavigate } from '@tanstack/react-router';
import { TABS, type Tab } from './search.ts';

/** What the address holds of a section: the first one needs no name. */
const searchOf = (tab: Tab) => ({ tab: tab === 'overview' ? undefined : tab });

const LOOK =
  'flex h-9 items-center border-b-2 border-transparent px-3 text-[0.8125rem] font-medium text-soft -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent';

interface TabLinksProps {
  readonly app: string;
  readonly current: Tab;
}

/** The way to the sections of an application's page: a row of links, or a choice where there is no room for them. */
export function TabLinks({ app, current }: TabLinksProps) {
  const navigate = useNavigate();
  const go = (id: string): void => {
    const tab = TABS.find((one) => one.id === id);
    if (tab !== undefined) void navigate({ to: '/apps/$app', params: { app }, search: searchOf(tab.id) });
  };
  return (
    <nav aria-label="Sections" className="mb-4">
      <div className="flex border-b border-line max-md:hidden">
        {TABS.map(({ id, name }) => (
          <Link
            key={id}
            to="/apps/$app"
            params={{ app }}
            search={searchOf(id)}
            activeOptions={{ exact: true, explicitUndefined: true }}
            aria-current={id === current ? 'page' : undefined}
            className={LOOK}
          >
            {name}
          </Link>
        ))}
      </div>
      <select
        aria-label="Section"
        value={current}
        onChange={(event) => go(event.target.value)}
        className="h-9 w-full rounded-md border border-edge bg-surface px-2 font-medium md:hidden pointer-coarse:h-11"
      >
        {TABS.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </nav>
  );
}
