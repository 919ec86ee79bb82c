export { createTelemetryClient } from './client.ts';
export { type Connection, type ConnectionStringError, parseConnectionString } from './connection-string.ts';
export type {
  Clock,
  DropReason,
  TelemetryClient,
  TelemetryClientOptions,
  TelemetryEvent,
  TelemetryStats,
} from './types.ts';
