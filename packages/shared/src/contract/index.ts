export {
  ALERT_AGGREGATES,
  type AlertAggregate,
  AlertCondition,
  AlertDeliveryState,
  AlertDeliveryStatus,
  AlertHistoryEntry,
  AlertHistoryQuery,
  AlertHistoryResponse,
  AlertRule,
  AlertRuleBody,
  AlertSubject,
  AlertsResponse,
  AlertTestResponse,
} from './alerts.ts';
export {
  AppPath,
  AppReport,
  AppState,
  AppSummary,
  AppsQuery,
  AppsReport,
  AppsResponse,
} from './apps.ts';
export { BackupStarted, BackupsResponse } from './backups.ts';
export { ErrorResponse } from './errors.ts';
export {
  EventRecord,
  EventResponse,
  EventsQuery,
  EventsResponse,
  ExportQuery,
  HistogramQuery,
  HistogramResponse,
  type PartialSearch,
  ValuesQuery,
  ValuesResponse,
} from './events.ts';
export { ExceptionGroup, ExceptionSort, ExceptionsQuery, ExceptionsResponse } from './exceptions.ts';
export { AsideResponse, HealthResponse, WorkList } from './health.ts';
export { IMPORT_FIELDS, type ImportField, ImportRequest, ImportState, ImportsResponse } from './imports.ts';
export { IngestResponse } from './ingest.ts';
export { InstancesResponse } from './instances.ts';
export { LiveBeat, LiveEnd, LiveEvents, LiveQuery } from './live.ts';
export { MapResponse } from './map.ts';
export {
  MetricAggregate,
  MetricKind,
  MetricSeriesPart,
  MetricSeriesQuery,
  MetricSeriesResponse,
  MetricSummary,
  MetricsResponse,
} from './metrics.ts';
export { OperationRow, OperationSort, OperationsQuery, OperationsResponse, Order } from './operations.ts';
export { Advice, type OperationHealth, PlatformHealth } from './platform-health.ts';
export { LinkSignInRequest, Role, SESSION_COOKIE, SessionResponse, SignInRequest } from './session.ts';
export {
  AppChange,
  AppSetting,
  AppSettingsResponse,
  IssuedKey,
  IssuedToken,
  KeyLimitChange,
  KeyRevocation,
  KeySetting,
  KeySettingsResponse,
  NewApp,
  NewKey,
  NewToken,
  NewUser,
  PasswordChange,
  TokenSettingsResponse,
  UserChange,
  UserSetting,
  UserSettingsResponse,
} from './settings.ts';
export { Kept, SpanQuery } from './span.ts';
export {
  LatencyQuery,
  LatencyResponse,
  OverviewQuery,
  OverviewResponse,
  TimedKind,
  Timeline,
  TimelineQuery,
  TimelineResponse,
  VersionMark,
} from './timeline.ts';
export { TraceLog, TraceQuery, TraceResponse, TraceSpan } from './traces.ts';
export { View, ViewRequest, ViewsResponse } from './views.ts';
