// The dashboard's pages, as data: every one of them is opened as viewer and as admin, wide and narrow, light and dark.

export interface DashboardPage {
  /** Its address, on a platform that runs with `--demo`. */
  readonly path: string;
  /** Text that is there when its own data is: what is checked before would be its waiting state. */
  readonly shows: string | RegExp;
}

const app = (tab: string, shows: DashboardPage['shows'], name = 'demo-shop'): DashboardPage => ({
  path: `/apps/${name}?range=1h&tab=${tab}`,
  shows,
});

/** What `/live` says once an event came: `7 received`, `1,234 received`, `2,345 received; the oldest 345 made room`. */
export const LIVE_RECEIVED = /^[1-9][\d,]* received/;

/** A line per page; one that has sections, a line for each. */
export const PAGES: readonly DashboardPage[] = [
  { path: '/apps', shows: 'demo-newsletter' },
  { path: '/apps/demo-shop?range=1h', shows: 'GET /product/{id}' },
  app('operations', 'POST /cart'),
  app('operations&chosen=GET+%2F', 'Distribution of its durations'),
  app('operations', 'NOOP', 'scorpiox-imap'),
  app('dependencies', 'demo-catalog GET /products'),
  app('exceptions', /Error|Exception/, 'demo-legacy-crm'),
  app('instances', 'shop-1'),
  app('metrics&chosen=process.memory&unit=MiB', 'Split by'),
  app('views', '/product/{id}'),
  app('events', 'order placed'),
  { path: '/map?range=1h', shows: 'Calls' },
  { path: '/explore?range=6h&q=app%3Ademo-shop+kind%3Aevent', shows: 'order placed' },
  { path: '/explore?q=app%3Ademo-shop+stat%3A500', shows: /Column 15/ },
  { path: '/live', shows: LIVE_RECEIVED },
  { path: '/alerts', shows: 'Rules' },
  { path: '/health', shows: 'Calls to the database' },
  { path: '/settings', shows: 'demo-newsletter' },
  { path: '/settings?tab=keys', shows: 'demo-newsletter' },
  // Viewers have no such section, and see the first one.
  { path: '/settings?tab=users', shows: /Add a user|demo-newsletter/ },
];
