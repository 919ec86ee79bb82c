/** The command of a name, or of any of several names, with exactly those as its `name`. */
import type { CommandBody, CommandName } from '../wire/command.ts';

export type CommandOf<N extends CommandName> = Narrow<CommandBody, N>;

/** Members of the union that share their arguments carry several names; only the asked-for ones are left. */
type Narrow<C extends CommandBody, N extends CommandName> = C extends CommandBody
  ? [Extract<C['name'], N>] extends [never]
    ? never
    : Omit<C, 'name'> & { readonly name: Extract<C['name'], N> }
  : never;
