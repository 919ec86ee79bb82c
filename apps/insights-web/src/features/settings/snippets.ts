/** What is copied into an application to make it send: docs/sending.md says with which versions each was tried. */

interface Snippet {
  readonly label: string;
  readonly code: string;
}

export interface SetUp {
  readonly id: string;
  readonly name: string;
  /** What to know before. */
  readonly note?: string;
  readonly snippets: readonly Snippet[];
}

export interface Target {
  readonly key: string;
  readonly connectionString: string;
  /** Base address that applications send to, without a slash at its end. */
  readonly url: string;
  /** Where the API itself talks HTTPS; null: nowhere. */
  readonly tlsPort: number | null;
}

const HTTPS_ONLY = 'This version talks HTTPS only.';
const TRUST = 'Let the application trust the certificate of the API: NODE_EXTRA_CA_CERTS=data/tls/ca.pem.';

/** For what talks HTTPS only: where to, and what to do before. */
function secureOf({ url, tlsPort }: Target): { readonly address: string; readonly note?: string } {
  if (url.startsWith('https:')) return { address: url };
  const { hostname } = new URL(url);
  const address = `https://${hostname}:${tlsPort ?? 8443}`;
  if (tlsPort !== null) return { address, note: `${HTTPS_ONLY} ${TRUST}` };
  return { address, note: `${HTTPS_ONLY} Start the API with SCORPIOX_INSIGHTS_TLS_PORT=8443. ${TRUST}` };
}

/** Every way to send, the most usual first. */
export function setUps(target: Target): readonly SetUp[] {
  return [node2(target), node3(target), browser(target), openTelemetry(target), sdkNode(target), curl(target)];
}

const node2 = ({ connectionString }: Target): SetUp => ({
  id: 'node2',
  name: 'applicationinsights 2.x',
  snippets: [
    { label: 'Terminal', code: 'npm install applicationinsights@2.9.8' },
    {
      label: 'First lines of the application',
      code: `const appInsights = require('applicationinsights');\nappInsights.setup('${connectionString}').start();`,
    },
  ],
});

function node3(target: Target): SetUp {
  const { address, note } = secureOf(target);
  return {
    id: 'node3',
    name: 'applicationinsights 3.x',
    ...(note === undefined ? {} : { note }),
    snippets: [
      { label: 'Terminal', code: 'npm install applicationinsights@3.16.0' },
      {
        label: 'First lines of the application',
        code: `const appInsights = require('applicationinsights');\nappInsights.setup('InstrumentationKey=${target.key};IngestionEndpoint=${address};LiveEndpoint=${address}').start();`,
      },
    ],
  };
}

const browser = ({ connectionString }: Target): SetUp => ({
  id: 'browser',
  name: 'applicationinsights-web',
  note: 'For pages in a browser. Whoever looks at the page can see the key: give it one of its own, with a limit.',
  snippets: [
    { label: 'Terminal', code: 'npm install @microsoft/applicationinsights-web@3.4.4' },
    {
      label: 'Once, when the page starts',
      code: `import { ApplicationInsights } from '@microsoft/applicationinsights-web';
const appInsights = new ApplicationInsights({
  config: {
    connectionString: '${connectionString}',
    extensionConfig: { AppInsightsCfgSyncPlugin: { cfgUrl: '' } },
  },
});
appInsights.loadAppInsights();
appInsights.trackPageView();`,
    },
  ],
});

const otlpVariables = ({ key, url }: Target): string =>
  [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    `export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20${key}"`,
  ].join('\n');

const openTelemetry = (target: Target): SetUp => ({
  id: 'otel',
  name: 'OpenTelemetry, any language',
  note: 'Every OpenTelemetry SDK and the Collector read these variables. OTLP goes over HTTP; gRPC is not spoken.',
  snippets: [{ label: 'Environment of the application', code: otlpVariables(target) }],
});

const sdkNode = (target: Target): SetUp => ({
  id: 'sdk-node',
  name: '@opentelemetry/sdk-node',
  snippets: [
    { label: 'Terminal', code: 'npm install @opentelemetry/sdk-node@0.220.0' },
    {
      label: 'Environment of the application',
      code: `${otlpVariables(target)}\nexport OTEL_TRACES_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp`,
    },
    {
      label: 'First lines of the application',
      code: `import { NodeSDK } from '@opentelemetry/sdk-node';\nnew NodeSDK().start();`,
    },
  ],
});

const curl = ({ key, url }: Target): SetUp => ({
  id: 'curl',
  name: 'curl',
  snippets: [
    {
      label: 'Terminal',
      code: [
        `curl ${url}/api/ingest`,
        `-H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json'`,
        `-d '[{"kind":"request","name":"GET /","time":"'$(date -u +%FT%TZ)'","durationMs":12,"success":true}]'`,
      ].join(' \\\n  '),
    },
  ],
});
