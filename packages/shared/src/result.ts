/** The outcome of something that can fail in a way its caller is expected to handle. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** A success. */
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });

/** A failure. */
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });
