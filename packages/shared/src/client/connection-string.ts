import { err, ok, type Result } from '../result.ts';

/** Where telemetry goes, and as whom. */
export interface Connection {
  /** The application's ingest key: a secret. */
  readonly key: string;
  /** Base address without a trailing slash; paths such as `/api/ingest` are appended. */
  readonly endpoint: string;
}

/** What is wrong with a connection string; `message` is a phrase that repeats no part of it. */
export interface ConnectionStringError {
  readonly code: 'malformed' | 'missing-key' | 'missing-endpoint' | 'bad-endpoint';
  readonly message: string;
}

const fail = (code: ConnectionStringError['code'], message: string) => err({ code, message });

/**
 * Reads `InstrumentationKey=…;IngestionEndpoint=…` as the Application Insights SDKs do: names in any case, in any
 * order, other names (`LiveEndpoint`) passed over. The endpoint has no default: telemetry goes nowhere by accident.
 */
export function parseConnectionString(text: string): Result<Connection, ConnectionStringError> {
  const fields = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1) return fail('malformed', 'each part between semicolons is Name=value');
    fields.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  const key = fields.get('instrumentationkey');
  // It goes into a header: visible ASCII only.
  if (!key || !/^[\x21-\x7e]+$/.test(key)) return fail('missing-key', 'InstrumentationKey is missing or malformed');
  const endpoint = fields.get('ingestionendpoint');
  if (!endpoint) return fail('missing-endpoint', 'IngestionEndpoint is missing');
  return isWebAddress(endpoint)
    ? ok({ key, endpoint: endpoint.replace(/\/+$/, '') })
    : fail('bad-endpoint', 'IngestionEndpoint is no http or https address');
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && (url.protocol === 'http:' || url.protocol === 'https:');
}
