import { CommandFailed } from '../../../command.ts';

/** The number of a backfill, as `status` shows it. */
export function parseBackfillId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandFailed({
    kind: 'usage',
    message: `${JSON.stringify(text)} is no number of a backfill: \`scorpiox db backfill status\` shows them.`,
  });
}
