/** What the log says of the operator's port: what was asked to be done, and who was sent away. Never a token. */
import type { Logger } from 'pino';
import type { AdminLog } from '../admin/server.ts';
import { describeError } from './describe-error.ts';

export function createAdminLog(log: Logger): AdminLog {
  return {
    asked: ({ status, ...request }) => {
      const told = { ...request, status };
      if (status === 401 || status === 403) log.warn(told, 'operator turned away');
      else log.info(told, 'operator');
    },
    trouble: (error) => log.error({ error: describeError(error) }, 'The operator could not be answered.'),
  };
}
