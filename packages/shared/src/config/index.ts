export type { Config, ConfigError, ContainerEngine, DatabaseLocation, Secret } from './config.ts';
export { describeConfigErrors } from './describe.ts';
export { explainConfig, type LoadOptions, loadConfig, type Setting } from './load.ts';
export { parseDatabase } from './parse.ts';
export { parseModel } from './parse-tmux.ts';
export {
  accountsFile,
  adminTokenFile,
  backupFolder,
  importFolder,
  lmtpSpoolFolder,
  mailPlaces,
  spoolFolder,
  tlsFolder,
  traceFolder,
} from './places.ts';
export { secret } from './secret.ts';
export { nearest } from './suggest.ts';
