import { type Static, Type } from 'typebox';

/** Answer of `POST /api/backups`: the file that the copy will be when it is done. */
export const BackupStarted = Type.Object({ file: Type.String() });
export type BackupStarted = Static<typeof BackupStarted>;

/** Answer of `GET /api/backups`. */
export const BackupsResponse = Type.Object({
  running: Type.Union([Type.String(), Type.Null()]),
  last: Type.Union([
    Type.Object({
      file: Type.String(),
      /** ISO 8601. */
      finishedAt: Type.String(),
      bytes: Type.Optional(Type.Integer()),
      /** Why it failed; absent where it did not. */
      problem: Type.Optional(Type.String()),
    }),
    Type.Null(),
  ]),
});
export type BackupsResponse = Static<typeof BackupsResponse>;
