import type { Io } from '../../io.ts';
import { STATEMENT_SHOWN } from '../../ops/db/limits.ts';
import { visible } from '../../output/visible.ts';
import type { Teller } from './connect.ts';
import type { OnOptions } from './on.ts';

/**
 * Shows each text the first time that it is sent, without its parameters: of a command that sends the same few statements for
 * thousands of ranges, whose parameters are what people stored.
 */
export function textsOnce(io: Pick<Io, 'say'>, { quiet }: Pick<OnOptions, 'quiet'>): Teller {
  const seen = new Set<string>();
  return (name) =>
    ({ text }) => {
      const shown = text.trim().slice(0, STATEMENT_SHOWN);
      if (quiet === true || seen.has(`${name} ${shown}`)) return;
      seen.add(`${name} ${shown}`);
      const more = shown.length < text.trim().length ? ' …' : '';
      io.say(`${visible(`-- ${name}\n${shown}${more}`)}\n`);
    };
}
