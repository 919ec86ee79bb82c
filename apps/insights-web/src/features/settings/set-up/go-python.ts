import { connectionVariable, overHttps } from './azure.ts';
import { ALL_SIGNALS, ENVIRONMENT, FIRST_LINES, otlpVariables, type SetUp, type Target, TERMINAL } from './target.ts';

export function python(target: Target): readonly SetUp[] {
  const { notes, connectionString } = overHttps(
    target,
    'Let the application trust the certificate that the API made itself: REQUESTS_CA_BUNDLE=data/tls/ca.pem.',
  );
  return [
    {
      id: 'python-azure',
      language: 'Python',
      name: 'azure-monitor-opentelemetry',
      notes,
      snippets: [
        { label: TERMINAL, code: 'pip install azure-monitor-opentelemetry' },
        { label: ENVIRONMENT, code: connectionVariable(connectionString) },
        {
          label: FIRST_LINES,
          code: 'from azure.monitor.opentelemetry import configure_azure_monitor\n\nconfigure_azure_monitor()',
        },
      ],
    },
    {
      id: 'python',
      language: 'Python',
      name: 'OpenTelemetry',
      notes: ['Not tried here.'],
      snippets: [
        {
          label: TERMINAL,
          code: 'pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http\nopentelemetry-bootstrap -a install',
        },
        { label: ENVIRONMENT, code: otlpVariables(target, [ALL_SIGNALS]) },
        { label: TERMINAL, code: 'opentelemetry-instrument python app.py' },
      ],
    },
  ];
}

export const go = (target: Target): SetUp => ({
  id: 'go',
  language: 'Go',
  name: 'OpenTelemetry',
  notes: ['Not tried here.'],
  snippets: [
    {
      label: TERMINAL,
      code: 'go get go.opentelemetry.io/otel/sdk go.opentelemetry.io/contrib/exporters/autoexport',
    },
    { label: ENVIRONMENT, code: otlpVariables(target) },
    {
      label: FIRST_LINES,
      code: `import (
	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
)

exporter, err := autoexport.NewSpanExporter(ctx)
if err != nil {
	return err
}
provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
defer provider.Shutdown(ctx)
otel.SetTracerProvider(provider)`,
    },
  ],
});
