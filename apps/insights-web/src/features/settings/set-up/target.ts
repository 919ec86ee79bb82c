/** Where an application sends to. */
export interface Target {
  readonly key: string;
  readonly connectionString: string;
  /** Base address that applications send to, without a slash at its end. */
  readonly url: string;
  /** Where the API itself talks HTTPS; null: nowhere. */
  readonly tlsPort: number | null;
}

interface Snippet {
  readonly label: string;
  readonly code: string;
}

/** A way to send: docs/sending.md says which were tried, and with which versions. */
export interface SetUp {
  /** As the address spells it. */
  readonly id: string;
  /** Null where it is any. */
  readonly language: string | null;
  readonly name: string;
  /** What to know before. */
  readonly notes?: readonly string[];
  readonly snippets: readonly Snippet[];
}

/** For what talks HTTPS only, or may: the connection string that leads there, and what to do before. */
export function secureOf({ key, url, tlsPort, connectionString }: Target): {
  readonly connectionString: string;
  readonly todo?: string;
} {
  if (url.startsWith('https:')) return { connectionString };
  const { hostname } = new URL(url);
  const address = `https://${hostname}:${tlsPort ?? 8443}`;
  const secure = `InstrumentationKey=${key};IngestionEndpoint=${address};LiveEndpoint=${address}`;
  if (tlsPort !== null) return { connectionString: secure };
  return { connectionString: secure, todo: 'Start the API with SCORPIOX_INSIGHTS_TLS_PORT=8443.' };
}

/** The variables that OpenTelemetry's SDKs read. Python needs the blank of the header as %20, and the others take it so. */
export const otlpVariables = ({ key, url }: Target, more: readonly string[] = []): string =>
  [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    `export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20${key}"`,
    ...more,
  ].join('\n');

export const ENVIRONMENT = 'Environment of the application';
export const TERMINAL = 'Terminal';
export const FIRST_LINES = 'First lines of the application';

/** Which of the three signals go out, where an SDK has to be told. */
export const ALL_SIGNALS = 'export OTEL_TRACES_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp';
