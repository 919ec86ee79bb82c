import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { listenForStop } from '../../signals.ts';
import { describeRunning } from './describe-running.ts';

interface Options extends ConfigOptions {
  readonly demo?: true;
}

export function upCommand(program: Command, io: Io): void {
  defineCommand(program, {
    usage: 'up',
    summary: 'run the platform: IMAP server, API and dashboard',
    description:
      'Starts the IMAP server, the API and the dashboard, keeps them running, and stops them on Ctrl-C.\nPrints where everything is and a link that signs you in once.',
    examples: ['scorpiox up', 'scorpiox up --demo', 'scorpiox up --config /etc/scorpiox.toml'],
  })
    .option('--demo', 'with a demonstration: a mailbox and 15 simulated applications')
    .action(async (options: Options) => runUp(io, options));
}

async function runUp(io: Io, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  // The parts read the configuration themselves; they get what the command line said in the environment.
  const file = options.config === undefined ? {} : { SCORPIOX_CONFIG: resolve(io.cwd, options.config) };
  const env = { ...io.env, ...file, SCORPIOX_DATA_DIR: config.dataDir };
  const { stop, force, dispose } = listenForStop();
  stop.addEventListener('abort', () => io.say('Stopping.\n'), { once: true });
  try {
    const print = (line: string) => io.say(`${line}\n`);
    const onRunning = (running: Parameters<typeof describeRunning>[0]) =>
      io.out(describeRunning(running, config, options));
    const more = { demo: options.demo === true, stop, force, print, onRunning };
    const { up } = await import('../../ops/up/up.ts');
    orFail(await up({ config, env, cwd: io.cwd, ...more }));
  } finally {
    dispose();
  }
}
