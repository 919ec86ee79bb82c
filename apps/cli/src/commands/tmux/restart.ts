import type { Command } from 'commander';
import { defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';
import { addStartOptions, openSessions, type StartOptions, variablesOf, warning } from './options.ts';
import { SESSION_SHAPE, sessionFields } from './session-fields.ts';

interface Options extends StartOptions, OutputOptions {}

export function restartCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'restart <session>',
    summary: 'begin the program of a session anew, with another model if need be',
    description:
      'Ends all that a session runs, in all its windows, and begins its program (tmux.command) anew in the same session:\nwhoever is in it stays in it. Model and variables are what they were, unless they are given. Unlike a new session,\nit never goes into it.',
    examples: ['scorpiox tmux restart myproject', 'scorpiox tmux restart myproject -m opus'],
  });
  addOutput(addStartOptions(command), SESSION_SHAPE).action(async (name: string, options: Options) => {
    const { tmux, config } = await openSessions(io, options);
    const { restartSession } = await import('../../ops/tmux/restart.ts');
    const { findSession } = await import('../../ops/tmux/sessions.ts');
    const session = orFail(await findSession(tmux, name));
    const { env, envFile } = variablesOf(io, options);
    const wanted = { model: options.model, env: options.env === undefined ? undefined : env, envFile };
    const restarted = orFail(await restartSession(tmux, config, session, wanted, warning(io)));
    if (!tmux.programs.isRehearsal) await printRecord(io, sessionFields(restarted), options);
  });
}
