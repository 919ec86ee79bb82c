/**
 * What stands in the place of a schema's version while a database must not be used: no program knows so high a version, so
 * none opens it, of whatever age. `scorpiox db migrate` notes it among the migrations, and takes it away again.
 */
export const MOVE_MARKS = {
  /** It is being filled from another database. */
  filling: 1_000_000,
  /** All that it held is in another database now. */
  moved: 2_000_000,
} as const;

/** The beginning of what a database says to whoever writes to it after its contents have moved. */
export const MOVED_WORDS = 'this database has moved to';

/** Why a database of this version, which is above this program's, is not opened. `name`: of the database. */
export function whyTooNew(name: string, version: number): string {
  if (version === MOVE_MARKS.filling) {
    return `${name} is being filled from another database: it can be used once \`scorpiox db migrate --cutover\` has ended.`;
  }
  if (version === MOVE_MARKS.moved) {
    return `${name} is used no longer, because its contents have moved: set insights.database to the new one, or take the move back with \`scorpiox db migrate --cancel\`.`;
  }
  return `${name} is at version ${version} of the schema, which is newer than this program knows; run the program that migrated it, or a later one.`;
}
