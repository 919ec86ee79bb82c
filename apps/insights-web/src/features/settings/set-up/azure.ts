import { ALL_SIGNALS, ENVIRONMENT, otlpVariables, type SetUp, secureOf, type Target, TERMINAL } from './target.ts';

/** The variable in which Application Insights' SDKs look for their connection string. */
export const connectionVariable = (connectionString: string): string =>
  `export APPLICATIONINSIGHTS_CONNECTION_STRING='${connectionString}'`;

/**
 * What is made for a service that is always behind HTTPS: it is sent there, for nobody has tried here whether it would
 * talk anything else. `trust`: how it is told to trust a certificate that the API made itself.
 */
export function overHttps(
  target: Target,
  trust: string,
): { readonly notes: readonly string[]; readonly connectionString: string } {
  const { connectionString, todo } = secureOf(target);
  const isOwn = target.connectionString !== connectionString;
  const notes = [
    'Not tried here. It is made for a service that is reached over HTTPS, so it is sent to the API’s HTTPS.',
    ...(todo === undefined ? [] : [todo]),
    ...(isOwn ? [trust] : []),
  ];
  return { notes, connectionString };
}

const SYSTEM_TRUST = 'The machine has to trust the certificate that the API made itself (data/tls/ca.pem).';

export function dotnet(target: Target): readonly SetUp[] {
  const { notes, connectionString } = overHttps(target, SYSTEM_TRUST);
  return [
    {
      id: 'dotnet-azure',
      language: '.NET',
      name: 'Azure.Monitor.OpenTelemetry',
      notes,
      snippets: [
        { label: TERMINAL, code: 'dotnet add package Azure.Monitor.OpenTelemetry.AspNetCore' },
        {
          label: 'Program.cs',
          code: `using Azure.Monitor.OpenTelemetry.AspNetCore;

builder.Services.AddOpenTelemetry().UseAzureMonitor();`,
        },
        { label: ENVIRONMENT, code: connectionVariable(connectionString) },
      ],
    },
    {
      id: 'dotnet',
      language: '.NET',
      name: 'Application Insights 2.x',
      notes,
      snippets: [
        { label: TERMINAL, code: 'dotnet add package Microsoft.ApplicationInsights.AspNetCore --version 2.*' },
        { label: 'Program.cs', code: 'builder.Services.AddApplicationInsightsTelemetry();' },
        { label: ENVIRONMENT, code: connectionVariable(connectionString) },
      ],
    },
  ];
}

export function java(target: Target): readonly SetUp[] {
  const { notes, connectionString } = overHttps(
    target,
    'Java has to trust the certificate that the API made itself: keytool -importcert -cacerts -file data/tls/ca.pem.',
  );
  return [
    {
      id: 'java',
      language: 'Java',
      name: 'Application Insights agent 3.x',
      notes,
      snippets: [
        { label: ENVIRONMENT, code: connectionVariable(connectionString) },
        { label: TERMINAL, code: 'java -javaagent:applicationinsights-agent-3.x.x.jar -jar app.jar' },
      ],
    },
    {
      id: 'java-otel',
      language: 'Java',
      name: 'OpenTelemetry agent',
      notes: ['Not tried here.'],
      snippets: [
        { label: ENVIRONMENT, code: otlpVariables(target, [ALL_SIGNALS]) },
        { label: TERMINAL, code: 'java -javaagent:opentelemetry-javaagent.jar -jar app.jar' },
      ],
    },
  ];
}
