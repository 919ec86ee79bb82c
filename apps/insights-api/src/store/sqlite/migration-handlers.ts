import { bringFileUp, type DatabaseError, type Migration } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';

/** The calls of the thread that migrates. It notes every `MigrationProgress`. */
export interface MigrationCalls {
  bringUp(argument: undefined): Result<void, DatabaseError>;
  close(argument: undefined): void;
}

export interface MigrationThreadOptions {
  readonly file: string;
}

/** `migrations` is replaced by tests. */
export const migrationHandlers =
  (migrations?: readonly Migration[]) =>
  (
    { file }: MigrationThreadOptions,
    note: (note: unknown) => void,
  ): { readonly [K in keyof MigrationCalls]: MigrationCalls[K] } => ({
    bringUp: () => bringFileUp(file, note, migrations),
    close: () => {},
  });
