import { LogsResponse } from '@scorpiox/shared/imap-admin';
import { ok, type Result } from '@scorpiox/shared/result';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';

/** The log from where the last look ended; at first, all that the server keeps of it. */
export class LogReader {
  readonly #admin: ApiClient;
  #after: string | undefined;

  constructor(admin: ApiClient) {
    this.#admin = admin;
  }

  async read(): Promise<Result<LogsResponse, Failure>> {
    const query = this.#after === undefined ? '' : `?after=${encodeURIComponent(this.#after)}`;
    const answer = await this.#admin.json(LogsResponse, 'GET', `/logs${query}`);
    if (!answer.ok) return answer;
    this.#after = this.#next(answer.value);
    return ok(answer.value);
  }

  /** The places of those that did not answer stay where they were. */
  #next({ next, missing }: LogsResponse): string {
    if (missing.length === 0 || this.#after === undefined) return next;
    const told = new Set(next.split('-').map(nameOf));
    const silent = this.#after.split('-').filter((place) => !told.has(nameOf(place)));
    return [next, ...silent].filter((place) => place !== '').join('-');
  }
}

const nameOf = (place: string): string => place.split('.', 1)[0] ?? '';
