import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { appsQuery } from '../../lib/api/get-apps.ts';
import { SPAN_NAMES, SPANS } from '../../lib/time-range.ts';
import { useRefresh } from '../../lib/use-refresh.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { PAGES } from '../pages.tsx';
import { setTheme } from '../theme.ts';
import type { Command } from './commands.ts';

/** Everything that the palette leads to: pages, applications, time ranges, themes. */
export function useCommands(): Command[] {
  const navigate = useNavigate();
  const refresh = useRefresh();
  const { range, setRange } = useTimeRange();
  const apps = useQuery({ ...appsQuery(range), refetchInterval: false });
  const pages = PAGES.map(({ to, name }) => ({
    id: `page ${to}`,
    group: 'Page',
    name,
    run: () => void navigate({ to }),
  }));
  const applications = (apps.data?.apps ?? []).map(({ name }) => ({
    id: `app ${name}`,
    group: 'Application',
    name,
    run: () => void navigate({ to: '/apps/$app', params: { app: name } }),
  }));
  const spans = SPANS.map((span) => ({
    id: `range ${span}`,
    group: 'Time range',
    name: `Last ${SPAN_NAMES[span]}`,
    run: () => setRange({ kind: 'last', span }),
  }));
  const themes = (['light', 'dark', 'system'] as const).map((theme) => ({
    id: `theme ${theme}`,
    group: 'Theme',
    name: `${theme.charAt(0).toUpperCase()}${theme.slice(1)}`,
    run: () => setTheme(theme),
  }));
  return [
    ...pages,
    ...applications,
    ...spans,
    { id: 'refresh', group: 'Page', name: 'Refresh now', run: refresh },
    ...themes,
  ];
}
