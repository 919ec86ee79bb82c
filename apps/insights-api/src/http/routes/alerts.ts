import {
  AlertHistoryQuery,
  AlertHistoryResponse,
  type AlertRule,
  AlertRuleBody,
  AlertRule as AlertRuleSchema,
  AlertsResponse,
  AlertTestResponse,
  ErrorResponse,
} from '@scorpiox/shared/contract';
import type { Result } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { type RuleProblem, shownRecipient } from '../../alerts/book.ts';
import { audit } from '../audit.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };
const params = Type.Object({ id: Type.String() });

/** `/api/alerts`: rules, what they found, and what became of their messages (docs/alerts.md). */
export const alertRoutes: Routes = async (app, { alerts, alertBook, alertMail }) => {
  app.get(
    '/api/alerts',
    {
      config: { access: 'viewer' },
      schema: { summary: 'Rules, what is not well, and messages', response: { 200: AlertsResponse, ...errors } },
    },
    async ({ principal }) => {
      const isAdmin = principal?.role === 'admin';
      const [rules, deliveries] = await Promise.all([alertBook.rules(), alertBook.deliveries()]);
      const { evaluatedAt, evaluates, problem } = alerts.state;
      return {
        rules: isAdmin ? rules : rules.map(withoutSecrets),
        // Names of accounts are for admins.
        deliveries: isAdmin
          ? deliveries
          : deliveries.map((one) => ({ ...one, to: one.to.includes('://') ? one.to : 'mail' })),
        mailTo: isAdmin ? [...alertMail.to()] : [],
        mailProblem: alertMail.problem() ?? null,
        evaluatedAt: evaluatedAt === undefined ? null : new Date(evaluatedAt).toISOString(),
        evaluates,
        problem: problem ?? null,
      };
    },
  );

  app.get(
    '/api/alerts/history',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'What fired and was resolved, newest first',
        querystring: AlertHistoryQuery,
        response: { 200: AlertHistoryResponse, ...errors },
      },
    },
    async ({ query }) => alertBook.history(Number(query.limit ?? 50), query.cursor),
  );

  app.post(
    '/api/alerts/rules',
    {
      config: { access: 'admin' },
      schema: { summary: 'Add a rule', body: AlertRuleBody, response: { 201: AlertRuleSchema, ...errors } },
    },
    async (request, reply) => {
      const rule = unwrapRule(await alertBook.add(request.body));
      audit(request, 'alert.rule', { rule: rule.id, name: rule.name, did: 'add' });
      alerts.nudge();
      return reply.code(201).send(rule);
    },
  );

  app.put(
    '/api/alerts/rules/:id',
    {
      config: { access: 'admin' },
      schema: { summary: 'Change a rule', params, body: AlertRuleBody, response: { 200: AlertRuleSchema, ...errors } },
    },
    async (request) => {
      const rule = unwrapRule(await alertBook.change(request.params.id, request.body));
      audit(request, 'alert.rule', { rule: rule.id, name: rule.name, did: 'change' });
      alerts.nudge();
      return rule;
    },
  );

  app.delete(
    '/api/alerts/rules/:id',
    {
      config: { access: 'admin' },
      schema: { summary: 'Remove a rule', params, response: { 204: Type.Null(), ...errors } },
    },
    async (request, reply) => {
      unwrapRule(await alertBook.remove(request.params.id));
      audit(request, 'alert.rule', { rule: request.params.id, did: 'remove' });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/alerts/rules/:id/test',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Send a test to everybody whom a rule tells',
        params,
        response: { 200: AlertTestResponse, ...errors },
      },
    },
    async (request) => {
      const tests = unwrapRule(await alertBook.test(request.params.id, new AbortController().signal));
      audit(request, 'alert.rule', { rule: request.params.id, did: 'test' });
      return {
        results: tests.map(({ message }) => ({
          to: shownRecipient(message),
          delivered: message.status === 'delivered',
          problem: message.problem,
        })),
      };
    },
  );
};

/** Whoever has a webhook's whole address can call it. */
function withoutSecrets(rule: AlertRule): AlertRule {
  const { webhook } = rule;
  return { ...rule, webhook: webhook === null || !URL.canParse(webhook) ? null : `${new URL(webhook).origin}/…` };
}

function unwrapRule<T>(result: Result<T, RuleProblem>): T {
  if (result.ok) return result.value;
  const { code, message, field } = result.error;
  throw new ApiError(code === 'not-found' ? 'not-found' : 'bad-request', message, field === undefined ? {} : { field });
}
