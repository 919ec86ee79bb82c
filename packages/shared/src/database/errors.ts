/**
 * Everything that can go wrong with the insights database in a way its callers tell apart:
 * - `cannot-open`: the file or server cannot be reached, is not a database, or may not be written
 * - `schema-too-new`: a newer program has migrated it
 * - `busy`: another process kept the database locked past the time limit; trying again is sensible
 * - `invalid-name`: the name of an application or token breaks the rules
 * - `invalid-value`: a setting is out of its bounds
 * - `exists`: the name is taken
 * - `not-found`: there is no such application or key
 * - `failed`: the database refused for another reason (full disk, input or output error), named in the message
 */
export type DatabaseErrorCode =
  | 'cannot-open'
  | 'schema-too-new'
  | 'busy'
  | 'invalid-name'
  | 'invalid-value'
  | 'exists'
  | 'not-found'
  | 'failed';

/** An outcome that the caller is to handle; `message` is a sentence for people and holds no secret. */
export interface DatabaseError {
  readonly code: DatabaseErrorCode;
  readonly message: string;
}
