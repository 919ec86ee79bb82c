import {
  ALL_SIGNALS,
  ENVIRONMENT,
  FIRST_LINES,
  otlpVariables,
  type SetUp,
  secureOf,
  type Target,
  TERMINAL,
} from './target.ts';

const node2 = ({ connectionString }: Target): SetUp => ({
  id: 'node2',
  language: 'Node',
  name: 'applicationinsights 2.x',
  snippets: [
    { label: TERMINAL, code: 'npm install applicationinsights@2.9.8' },
    {
      label: FIRST_LINES,
      code: `const appInsights = require('applicationinsights');\nappInsights.setup('${connectionString}').start();`,
    },
  ],
});

function node3(target: Target): SetUp {
  const { connectionString, todo } = secureOf(target);
  const isPlain = target.connectionString !== connectionString;
  const trust =
    'Let the application trust the certificate that the API made itself: NODE_EXTRA_CA_CERTS=data/tls/ca.pem.';
  return {
    id: 'node3',
    language: 'Node',
    name: 'applicationinsights 3.x',
    notes: ['It talks HTTPS only.', ...(todo === undefined ? [] : [todo]), ...(isPlain ? [trust] : [])],
    snippets: [
      { label: TERMINAL, code: 'npm install applicationinsights@3.16.0' },
      {
        label: FIRST_LINES,
        code: `const appInsights = require('applicationinsights');\nappInsights.setup('${connectionString}').start();`,
      },
    ],
  };
}

const sdkNode = (target: Target): SetUp => ({
  id: 'sdk-node',
  language: 'Node',
  name: 'OpenTelemetry',
  snippets: [
    { label: TERMINAL, code: 'npm install @opentelemetry/sdk-node@0.220.0' },
    { label: ENVIRONMENT, code: otlpVariables(target, [ALL_SIGNALS]) },
    { label: FIRST_LINES, code: `import { NodeSDK } from '@opentelemetry/sdk-node';\nnew NodeSDK().start();` },
  ],
});

const browser = ({ connectionString }: Target): SetUp => ({
  id: 'browser',
  language: 'Browser',
  name: 'applicationinsights-web',
  notes: ['For pages in a browser. Whoever looks at the page can see the key: give it one of its own, with a limit.'],
  snippets: [
    { label: TERMINAL, code: 'npm install @microsoft/applicationinsights-web@3.4.4' },
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

export const javascript = (target: Target): readonly SetUp[] => [
  node2(target),
  node3(target),
  sdkNode(target),
  browser(target),
];
