import { queryOptions } from '@tanstack/react-query';
import type { Decoder } from '../decode.ts';
import { request } from '../http.ts';
import { apiRange, type TimeRange } from '../time-range.ts';
import { refreshing } from './refreshing.ts';

/** What else an address asks, by name; undefined is left out. */
export type Asked = Readonly<Record<string, string | undefined>>;

/** The address of something about an application over a range. */
export function appPath(app: string, what: string, range: TimeRange, asked: Asked = {}): string {
  const named = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = new URLSearchParams([...Object.entries(apiRange(range)), ...named]);
  return `/api/apps/${encodeURIComponent(app)}/${what}?${query}`;
}

/** `GET /api/apps/:app/<what>` over a range, asked for again while it changes. */
export function appQuery<T>(app: string, what: string, range: TimeRange, decode: Decoder<T>, asked: Asked = {}) {
  const path = appPath(app, what, range, asked);
  return queryOptions({
    queryKey: ['app', app, what, path],
    queryFn: ({ signal }) => request(path, decode, { signal }),
    ...refreshing(range),
  });
}
