import { printValue } from '@scorpiox/shared/query-language';
import { QUERY_VALUE_MAX } from './limits.ts';

/** Which events to look at: those of an application, of a kind, and of a name where one is given. */
interface EventsOf {
  readonly app: string;
  readonly kind: string;
  readonly name?: string | undefined;
}

/** The query that finds them on `/explore` (docs/query-language.md). A name too long for a query is left out of it. */
export function eventsQuery({ app, kind, name }: EventsOf): string {
  const named = name !== undefined && name.length <= QUERY_VALUE_MAX;
  return `app:${printValue(app)} kind:${kind}${named ? ` name:=${printValue(name)}` : ''}`;
}
