export { AppSummary, AppsQuery, AppsResponse } from './apps.ts';
export { BackupStarted, BackupsResponse } from './backups.ts';
export { ErrorResponse } from './errors.ts';
export { AsideResponse, HealthResponse, WorkList } from './health.ts';
export { IMPORT_FIELDS, type ImportField, ImportRequest, ImportState, ImportsResponse } from './imports.ts';
export { IngestResponse } from './ingest.ts';
export { LinkSignInRequest, Role, SessionResponse, SignInRequest } from './session.ts';
