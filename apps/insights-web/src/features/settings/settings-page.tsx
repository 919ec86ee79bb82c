import { getRouteApi, Link } from '@tanstack/react-router';
import { PageHeader } from '../../components/page/page-header.tsx';
import { useSession } from '../../lib/api/get-session.ts';
import { AppsSection } from './apps-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { type TabId, tabsFor } from './tabs.ts';
import { TokensSection } from './tokens-section.tsx';
import { UsersSection } from './users-section.tsx';

const route = getRouteApi('/shell/settings');

interface SectionProps {
  readonly tab: TabId;
  readonly isAdmin: boolean;
  readonly self: string | undefined;
}

function Section({ tab, isAdmin, self }: SectionProps) {
  switch (tab) {
    case 'apps':
      return <AppsSection isAdmin={isAdmin} />;
    case 'keys':
      return <KeysSection />;
    case 'tokens':
      return <TokensSection />;
    case 'users':
      return <UsersSection self={self} />;
    case 'password':
      return <PasswordSection />;
  }
}

/** `/settings`. */
export function SettingsPage() {
  const search = route.useSearch();
  const session = useSession().data;
  const tabs = tabsFor(session?.role);
  const tab = tabs.find(({ id }) => id === search.tab)?.id ?? 'apps';
  return (
    <>
      <PageHeader title="Settings" range={false} />
      <nav aria-label="Settings" className="mb-5 flex flex-wrap gap-1 border-b border-line pb-2">
        {tabs.map(({ id, name }) => (
          <Link
            key={id}
            to="/settings"
            search={{ tab: id === 'apps' ? undefined : id, app: undefined }}
            aria-current={id === tab ? 'page' : undefined}
            className={`inline-flex h-8 items-center rounded-md px-2.5 text-[0.8125rem] font-medium pointer-coarse:h-11 ${id === tab ? 'bg-tint text-accent' : 'text-soft hover:bg-raised hover:text-ink'}`}
          >
            {name}
          </Link>
        ))}
      </nav>
      <Section tab={tab} isAdmin={session?.role === 'admin'} self={session?.user} />
    </>
  );
}
