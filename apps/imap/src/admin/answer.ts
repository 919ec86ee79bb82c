/** What a request is answered: a value as JSON, or a text. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Of a text; JSON where absent. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (body: unknown, status = 200): Answer => ({ status, body });

export const failure = (status: number, code: ErrorCode, message: string, headers = {}): Answer => ({
  status,
  body: { error: { code, message } },
  headers,
});

export type ErrorCode =
  | 'bad-certificate'
  | 'bad-request'
  | 'forbidden'
  | 'internal'
  | 'method-not-allowed'
  | 'not-found'
  | 'too-large'
  | 'too-slow'
  | 'too-many'
  | 'unauthorized'
  | 'unavailable';
