import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { MenuIcon } from '../components/ui/icons.tsx';
import { PAGES, type PageEntry } from './pages.tsx';

const LOOK =
  'flex items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] font-medium text-soft hover:bg-raised hover:text-ink aria-[current=page]:bg-tint aria-[current=page]:text-accent';

interface EntryProps {
  readonly page: PageEntry;
  readonly className: string;
  readonly onClick?: () => void;
}

const Entry = ({ page, className, onClick }: EntryProps) => (
  <Link
    to={page.to}
    activeOptions={{ includeSearch: false }}
    title={`${page.name} (g ${page.key})`}
    aria-keyshortcuts={`g ${page.key}`}
    className={`${LOOK} ${className}`}
    {...(onClick === undefined ? {} : { onClick })}
  >
    {page.icon}
    {page.name}
  </Link>
);

/** The pages in a row, where there is room for one. */
export const NavigationRow = () => (
  <nav aria-label="Pages" className="ml-3 flex gap-0.5 max-lg:hidden">
    {PAGES.map((page) => (
      <Entry key={page.to} page={page} className="h-8" />
    ))}
  </nav>
);

/** The pages behind a button, on a narrow screen. */
export function NavigationMenu() {
  const menu = useRef<HTMLElement>(null);
  return (
    <>
      <button
        type="button"
        popoverTarget="pages"
        aria-label="Pages"
        className="-ml-2 inline-flex size-9 items-center justify-center rounded-md text-soft hover:bg-raised lg:hidden pointer-coarse:size-11"
      >
        <MenuIcon />
      </button>
      <nav
        ref={menu}
        id="pages"
        popover="auto"
        aria-label="Pages"
        className="fixed top-12 left-2 m-0 w-56 rounded-lg border border-line bg-surface p-1.5 text-ink shadow-xl"
      >
        {PAGES.map((page) => (
          <Entry key={page.to} page={page} className="h-10" onClick={() => menu.current?.hidePopover()} />
        ))}
      </nav>
    </>
  );
}
