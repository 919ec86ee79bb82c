export { AppSummary, AppsQuery, AppsResponse } from './apps.ts';
export { BackupStarted, BackupsResponse } from './backups.ts';
export { ErrorResponse } from './errors.ts';
export { AsideResponse, HealthResponse, WorkList } from './health.ts';
export { IMPORT_FIELDS, type ImportField, ImportRequest, ImportState, ImportsResponse } from './imports.ts';
export { IngestResponse } from './ingest.ts';
export { LinkSignInRequest, Role, SessionResponse, SignInRequest } from './session.ts';
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
