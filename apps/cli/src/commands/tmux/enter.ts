import type { Command } from 'commander';
import { defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput } from '../../output/options.ts';
import type { EnterOptions } from './enter-session.ts';
import { addStartOptions } from './options.ts';
import { SESSION_SHAPE } from './session-fields.ts';

const HOW =
  'The project is a folder below one of tmux.roots; without a name, the one that you are in. Its container is made at\nthe first session, of tmux.image, with the folder at the same path, and is there for all later ones. When the\nprogram of the session ends, the session ends, and this with its exit code.';

export function enterCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'enter [project]',
    isDefault: true,
    summary: 'go into the session of a project; make it where there is none',
    description: `Goes into the session of a project, and makes it where there is none.\n${HOW}`,
    examples: [
      'scorpiox-tmux -m opus myproject',
      'scorpiox tmux enter myproject',
      'scorpiox tmux enter myproject --native',
      'scorpiox tmux enter myproject -m haiku --name quick',
      'scorpiox tmux enter myproject --dry-run',
    ],
  });
  addOptions(command).action((project: string | undefined, options: EnterOptions) =>
    enter(io, project, options, false),
  );
}

export function newCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'new [project]',
    summary: 'make the session of a project; fail where there is one',
    description: `Makes the session of a project and goes into it. Where it is there already, this fails.\n${HOW}`,
    examples: ['scorpiox tmux new myproject -m opus', 'scorpiox tmux new myproject --detached --json'],
  });
  addOptions(command).action((project: string | undefined, options: EnterOptions) => enter(io, project, options, true));
}

function addOptions(command: Command): Command {
  addStartOptions(command)
    .option('--native', 'without a container, on this machine itself')
    .option('--name <name>', 'another name for the session, for a second one of the project')
    .option('--detached', 'do not go into it; print it');
  return addOutput(command, `${SESSION_SHAPE}; only with --detached`);
}

async function enter(io: Io, project: string | undefined, options: EnterOptions, isNew: boolean): Promise<void> {
  const { enterSession } = await import('./enter-session.ts');
  await enterSession(io, project, options, isNew);
}
