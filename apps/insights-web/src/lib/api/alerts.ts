import type {
  AlertAggregate,
  AlertCondition,
  AlertDeliveryState,
  AlertHistoryEntry,
  AlertHistoryResponse,
  AlertRule,
  AlertRuleBody,
  AlertSubject,
  AlertsResponse,
  AlertTestResponse,
} from '@scorpiox/shared/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Decoder, list, moment, nullable, number, oneOf, record, text } from '../decode.ts';
import { command, request } from '../http.ts';
import { REFRESH_LONG_MS } from '../limits.ts';

const flag: Decoder<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** What of a metric a rule may look at, as the contract names it; a list of its own, for the page brings no schemas. */
export const AGGREGATES = [
  'avg',
  'min',
  'max',
  'sum',
  'rate',
  'last',
  'p50',
  'p95',
  'p99',
] as const satisfies readonly AlertAggregate[];

const CONDITIONS: { readonly [K in AlertCondition['kind']]: Decoder<Extract<AlertCondition, { kind: K }>> } = {
  'failure-rate': record({
    kind: oneOf(['failure-rate']),
    abovePercent: number,
    minRequests: number,
    windowMinutes: number,
  }),
  p95: record({ kind: oneOf(['p95']), aboveMs: number, minRequests: number, windowMinutes: number }),
  silence: record({ kind: oneOf(['silence']), minutes: number }),
  'new-exception': record({ kind: oneOf(['new-exception']), windowMinutes: number }),
  metric: record({
    kind: oneOf(['metric']),
    metric: text,
    of: oneOf(AGGREGATES),
    direction: oneOf(['above', 'below']),
    limit: number,
    windowMinutes: number,
  }),
  backlog: record({ kind: oneOf(['backlog']), aboveEvents: number }),
};

const decodeCondition: Decoder<AlertCondition> = (value) => {
  for (const decode of Object.values(CONDITIONS)) {
    const condition = decode(value);
    if (condition !== undefined) return condition;
  }
  return undefined;
};

const decodeRule = record<AlertRule>({
  id: text,
  name: text,
  enabled: flag,
  app: nullable(text),
  condition: decodeCondition,
  forMinutes: number,
  resolveMinutes: number,
  mail: flag,
  webhook: nullable(text),
  changedAt: moment,
  subjects: list(
    record<AlertSubject>({ subject: text, status: oneOf(['pending', 'firing']), since: moment, message: text }),
  ),
});

const decodeDelivery = record<AlertDeliveryState>({
  id: text,
  at: moment,
  rule: text,
  to: text,
  title: text,
  status: oneOf(['waiting', 'delivered', 'failed']),
  attempts: number,
  dueAt: nullable(moment),
  problem: nullable(text),
});

const decodeAlerts = record<AlertsResponse>({
  rules: list(decodeRule),
  deliveries: list(decodeDelivery),
  mailTo: list(text),
  mailProblem: nullable(text),
  evaluatedAt: nullable(moment),
  evaluates: flag,
  problem: nullable(text),
});

const decodeHistory = record<AlertHistoryResponse>({
  entries: list(
    record<AlertHistoryEntry>({
      id: text,
      at: moment,
      ruleId: text,
      rule: text,
      subject: text,
      what: oneOf(['fired', 'resolved', 'ended']),
      message: text,
    }),
  ),
  nextCursor: nullable(text),
});

const decodeTest = record<AlertTestResponse>({
  results: list(record({ to: text, delivered: flag, problem: nullable(text) })),
});

const RULES = '/api/alerts/rules';

/** `GET /api/alerts`: rules, what is not well, messages. */
export const useAlerts = () =>
  useQuery({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => request('/api/alerts', decodeAlerts, { signal }),
    refetchInterval: REFRESH_LONG_MS,
  });

/** `GET /api/alerts/history`, page by page. */
export const useAlertHistory = () =>
  useInfiniteQuery({
    queryKey: ['alerts', 'history'],
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === null ? '' : `?${new URLSearchParams({ cursor: pageParam })}`;
      return request(`/api/alerts/history${cursor}`, decodeHistory, { signal });
    },
    initialPageParam: null as string | null, // the first page has no cursor
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: REFRESH_LONG_MS,
  });

/** Adds a rule, or changes the one of this id. */
export const saveRule = (id: string | undefined, body: AlertRuleBody): Promise<void> =>
  command(id === undefined ? RULES : `${RULES}/${id}`, { method: id === undefined ? 'POST' : 'PUT', body });

export const removeRule = (id: string): Promise<void> => command(`${RULES}/${id}`, { method: 'DELETE' });

/** Sends a test to everybody whom the rule tells. */
export const testRule = (id: string): Promise<AlertTestResponse> =>
  request(`${RULES}/${id}/test`, decodeTest, { method: 'POST' });
