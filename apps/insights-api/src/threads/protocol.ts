/** Any set of calls between threads: arguments and results are structured-cloned. */
export type Calls<T> = { readonly [K in keyof T]: (argument: never) => unknown };

export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type AnswerMessage =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** What a thread says without having been asked, in the middle of a call. */
export interface NoteMessage {
  readonly note: unknown;
}
