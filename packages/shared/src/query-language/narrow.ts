import { EVENT_KINDS, type EventKind } from '../telemetry/event.ts';
import { makeMatcher } from './evaluate.ts';
import type { Query, Test } from './query.ts';

/**
 * What a query asks of the events of one application: the same without tests of the application, which are true or false
 * of all of them. Undefined where none of them can fulfil it.
 */
export function forApp(query: Query, app: string): Query | undefined {
  const narrowed = narrow(query, app);
  return isNothing(narrowed) ? undefined : narrowed;
}

const ALL: Query = { op: 'all' };
const NOTHING: Query = { op: 'not', part: ALL };

const isNothing = (query: Query): boolean => query.op === 'not' && query.part.op === 'all';

function narrow(query: Query, app: string): Query {
  switch (query.op) {
    case 'and':
      return join(query, app, NOTHING, ALL);
    case 'or':
      return join(query, app, ALL, NOTHING);
    case 'not': {
      const part = narrow(query.part, app);
      return isNothing(part) ? ALL : { op: 'not', part };
    }
    case 'match':
      if (query.field !== 'app') return query;
      return makeMatcher(query.pattern, query.whole)(app) ? ALL : NOTHING;
    case 'present':
      return query.field === 'app' ? ALL : query;
    default:
      return query;
  }
}

/** `decides`: a part that makes the others not matter; `neutral`: one that does not matter itself. */
function join({ op, parts }: Extract<Query, { op: 'and' | 'or' }>, app: string, decides: Query, neutral: Query): Query {
  const narrowed = parts.map((part) => narrow(part, app));
  const is = (part: Query, what: Query) => (what === ALL ? part.op === 'all' : isNothing(part));
  if (narrowed.some((part) => is(part, decides))) return decides;
  const left = narrowed.filter((part) => !is(part, neutral));
  const [first = neutral] = left;
  return left.length < 2 ? first : { op, parts: left };
}

/** The kinds of which every event fulfils a query, where no event of any other does; undefined where more than its kind decides. */
export function kindsOf(query: Query): readonly EventKind[] | undefined {
  const decided = EVENT_KINDS.map((kind) => [kind, decideByKind(query, kind)] as const);
  if (decided.some(([, holds]) => holds === undefined)) return undefined;
  return decided.flatMap(([kind, holds]) => (holds ? [kind] : []));
}

/** Whether events of a kind fulfil it; undefined where some may and others not. */
function decideByKind(query: Query, kind: EventKind): boolean | undefined {
  switch (query.op) {
    case 'all':
      return true;
    case 'kind':
      return query.kind === kind;
    case 'not': {
      const part = decideByKind(query.part, kind);
      return part === undefined ? undefined : !part;
    }
    case 'and':
    case 'or': {
      const parts = query.parts.map((part) => decideByKind(part, kind));
      const decides = query.op === 'or';
      if (parts.includes(decides)) return decides;
      return parts.includes(undefined) ? undefined : !decides;
    }
    default:
      return undefined;
  }
}

/** The tests of a query that name an application outright, without a wildcard. */
export function appsNamed(query: Query): readonly Extract<Test, { op: 'match' }>[] {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.parts.flatMap(appsNamed);
    case 'not':
      return appsNamed(query.part);
    case 'match':
      return query.field === 'app' && query.pattern.length === 1 ? [query] : [];
    default:
      return [];
  }
}
