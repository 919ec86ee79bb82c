import { dotnet, java } from './azure.ts';
import { go, python } from './go-python.ts';
import { javascript } from './javascript.ts';
import { ENVIRONMENT, otlpVariables, type SetUp, type Target, TERMINAL } from './target.ts';

/** Every way to send; those of a language one after the other. */
export const setUps = (target: Target): readonly SetUp[] => [
  ...javascript(target),
  ...dotnet(target),
  ...java(target),
  ...python(target),
  go(target),
  openTelemetry(target),
  curl(target),
];

const openTelemetry = (target: Target): SetUp => ({
  id: 'otel',
  language: null,
  name: 'OpenTelemetry, any language',
  notes: ['OpenTelemetry’s SDKs and the Collector read these variables. OTLP goes over HTTP; gRPC is not spoken.'],
  snippets: [{ label: ENVIRONMENT, code: otlpVariables(target) }],
});

const curl = ({ key, url }: Target): SetUp => ({
  id: 'curl',
  language: null,
  name: 'curl',
  snippets: [
    {
      label: TERMINAL,
      code: [
        `curl ${url}/api/ingest`,
        `-H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json'`,
        `-d '[{"kind":"request","name":"GET /","time":"'$(date -u +%FT%TZ)'","durationMs":12,"success":true}]'`,
      ].join(' \\\n  '),
    },
  ],
});
