/** What can be asked for, as data: method, path, whether without a token, and what answers. */
import { type Answer, failure, json } from './answer.ts';
import { EXPOSITION_TYPE, exposition } from './exposition.ts';
import { parseCursor } from './log-cursor.ts';
import type { KickReport, Operator } from './operator.ts';
import { parseTraceRequest } from './trace-request.ts';

interface Question {
  readonly operator: Operator;
  /** The path's variable part. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** The body's JSON; undefined where there is none. */
  readonly body: unknown;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As documented; `:id` stands for a part without a slash. */
  readonly path: string;
  /** Answered without a token: what orchestrators probe, which tells nothing but yes or no. */
  readonly open?: true;
  readonly answer: (question: Question) => Promise<Answer>;
}

const OK = json({ status: 'ok' });

/** Undefined where it was as asked. */
const KICKED: Readonly<Record<KickReport, Answer | undefined>> = {
  kicked: undefined,
  'no-such-session': failure(404, 'not-found', 'There is no such session.'),
  unanswered: failure(503, 'unavailable', 'A process that may have the session does not answer; try again.'),
};

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/healthz', open: true, answer: async () => OK },
  {
    method: 'GET',
    path: '/readyz',
    open: true,
    answer: async ({ operator }) =>
      (await operator.ready()) ? OK : failure(503, 'unavailable', 'The server is stopping.'),
  },
  {
    method: 'GET',
    path: '/metrics',
    answer: async ({ operator }) => ({ ...json(exposition(await operator.metrics())), type: EXPOSITION_TYPE }),
  },
  { method: 'GET', path: '/sessions', answer: async ({ operator }) => json(await operator.sessions()) },
  {
    method: 'POST',
    path: '/sessions/:id/kick',
    answer: async ({ operator, id }) => KICKED[await operator.kick(id)] ?? json({ id, kicked: true }),
  },
  {
    method: 'POST',
    path: '/reload',
    answer: async ({ operator }) => {
      const report = await operator.reload();
      if (report.ok) return json({ certificate: report.certificate });
      return report.why === 'unanswered'
        ? failure(503, 'unavailable', report.message)
        : failure(422, report.why, report.message);
    },
  },
  { method: 'GET', path: '/logs', answer: logs },
  { method: 'GET', path: '/traces', answer: async ({ operator }) => json({ traces: await operator.traces() }) },
  { method: 'POST', path: '/traces', answer: startTrace },
  {
    method: 'DELETE',
    path: '/traces/:id',
    answer: async ({ operator, id }) => {
      const trace = await operator.stopTrace(id);
      return trace === undefined ? failure(404, 'not-found', 'No such trace runs.') : json({ trace });
    },
  },
];

async function logs({ operator, query }: Question): Promise<Answer> {
  const after = query.get('after');
  if (after === null) return json(await operator.logs(undefined));
  const cursor = parseCursor(after);
  return cursor === undefined
    ? failure(400, 'bad-request', 'after is what an answer before named as next.')
    : json(await operator.logs(cursor));
}

async function startTrace({ operator, body }: Question): Promise<Answer> {
  const request = parseTraceRequest(body);
  if (typeof request === 'string') return failure(400, 'bad-request', request);
  const started = await operator.startTrace(request);
  if (started.ok) return json({ trace: started.trace }, 201);
  switch (started.why) {
    case 'no-such-session':
      return failure(404, 'not-found', 'There is no such session.');
    case 'too-many':
      return failure(429, 'too-many', 'Too many traces run; stop one first.');
    case 'unwritable':
      return failure(503, 'unavailable', 'The file cannot be made; is the disk full?');
    case 'unanswered':
      return failure(503, 'unavailable', 'No process answers that could have the sessions; try again.');
  }
}

export interface Match {
  readonly route: Route;
  readonly id: string;
}

/** The routes of a path, one a method. */
export function matches(path: string): readonly Match[] {
  return ROUTES.flatMap((route) => {
    const id = variablePart(route.path, path);
    return id === undefined ? [] : [{ route, id }];
  });
}

/** What stands for `:id`, '' where there is none; undefined where the path is another. */
function variablePart(pattern: string, path: string): string | undefined {
  const [before = '', after] = pattern.split(':id');
  if (after === undefined) return path === pattern ? '' : undefined;
  if (path.length < before.length + after.length || !path.startsWith(before) || !path.endsWith(after)) return undefined;
  const id = path.slice(before.length, path.length - after.length);
  return /^[\w-]+$/.test(id) ? id : undefined;
}
