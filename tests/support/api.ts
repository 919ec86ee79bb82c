// The API of a running platform, as an operator's script uses it.
import type {
  AppSummary,
  AppsResponse,
  IngestResponse,
  MetricSeriesResponse,
} from '../../packages/shared/src/contract/index.ts';
import type { Platform } from './platform.ts';

export interface Api {
  readonly base: string;
  /** The rows of /apps over the last day, by name. */
  apps(): Promise<Map<string, AppSummary>>;
  /** Waits until `holds` is true of the applications; fails with what there was at last. */
  untilApps(holds: (apps: Map<string, AppSummary>) => boolean): Promise<Map<string, AppSummary>>;
  /** One metric of an application over the last day. */
  metricSeries(app: string, query: Readonly<Record<string, string>>): Promise<MetricSeriesResponse>;
  ingest(key: string, body: string): Promise<Response>;
}

const PATIENCE = 30_000;

/** An API client with a viewer's token. */
export async function apiOf(platform: Platform): Promise<Api> {
  const base = `http://127.0.0.1:${platform.ports.api}`;
  const { stdout } = await platform.cli(['token', 'add', `test-${Date.now()}`, '--role', 'viewer', '--json']);
  const { token }: { token: string } = JSON.parse(stdout.toString());

  async function get(path: string): Promise<unknown> {
    const response = await fetch(base + path, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  // The server checks its answers against the contract's schemas before it sends them.
  async function apps() {
    const body = (await get('/api/apps')) as AppsResponse;
    return new Map(body.apps.map((app) => [app.name, app]));
  }
  return {
    base,
    apps,
    async untilApps(holds) {
      const deadline = Date.now() + PATIENCE;
      for (;;) {
        const now = await apps();
        if (holds(now)) return now;
        if (Date.now() > deadline) throw new Error(`not in time; last seen: ${JSON.stringify([...now.values()])}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    metricSeries: async (app, query) =>
      (await get(`/api/apps/${app}/metrics/series?${new URLSearchParams(query)}`)) as MetricSeriesResponse,
    ingest: (key, body) =>
      fetch(`${base}/api/ingest`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body }),
  };
}

/** The body of an answer to `ingest`. */
export async function ingested(response: Response): Promise<IngestResponse> {
  // The server checks its answers against this contract's schema before it sends them.
  return (await response.json()) as IngestResponse;
}

/** Registers an application and returns its key and connection string. */
export async function addApp(platform: Platform, name: string): Promise<{ key: string; connectionString: string }> {
  const { code, stdout, stderr } = await platform.cli(['app', 'add', name, '--json']);
  if (code !== 0) throw new Error(`app add ended with ${code}: ${stderr}`);
  return JSON.parse(stdout.toString());
}
