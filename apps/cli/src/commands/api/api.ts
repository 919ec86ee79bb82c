import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { filtered } from '../../output/print.ts';
import { visible } from '../../output/visible.ts';
import { readRemote } from '../../remote.ts';
import { readBody } from './read-body.ts';

interface Options extends ConfigOptions {
  readonly method?: string;
  readonly input?: true;
  readonly jq?: string;
}

export function apiCommand(program: Command, io: Io): void {
  defineCommand(program, {
    usage: 'api <path>',
    summary: 'ask the API and print what it answers',
    description:
      'Sends a request with your token to the API of SCORPIOX_URL and SCORPIOX_TOKEN, or of `scorpiox login`, and prints the body\nof the answer. Without --method it is a GET, or a POST with --input.',
    examples: [
      'scorpiox api /api/health',
      "scorpiox api '/api/apps?from=now-1h' --jq '.apps[].name'",
      'echo \'{"name":"shop"}\' | scorpiox api /api/settings/apps --input',
    ],
  })
    .option('-X, --method <method>', 'HTTP method', parseMethod)
    .option('--input', 'send standard input, JSON, as the body')
    .option('--jq <filter>', 'print what a jq filter makes of the answer, texts without quotes')
    .action(async (path: string, options: Options) => {
      if (!path.startsWith('/')) throw new CommandFailed({ kind: 'usage', message: 'The path begins with /.' });
      const remote = orFail(readRemote(io, options));
      if (remote === undefined) throw new CommandFailed(nobody);
      const body = options.input === true ? orFail(await readBody(io)) : undefined;
      const { ApiClient } = await import('../../ops/api/client.ts');
      const method = options.method ?? (body === undefined ? 'GET' : 'POST');
      const answer = orFail(await new ApiClient(remote).ask(method, path, body));
      await print(io, answer.body, options.jq);
    });
}

const nobody = {
  kind: 'not-signed-in',
  message: 'No API is named: `scorpiox login URL`, or set SCORPIOX_URL and SCORPIOX_TOKEN.',
} as const;

async function print(io: Io, body: string, jq: string | undefined): Promise<void> {
  if (body === '') return;
  const text = jq === undefined ? body : await filtered(body, jq);
  const shown = io.stdoutIsTerminal ? visible(text) : text;
  io.out(jq !== undefined || shown.endsWith('\n') ? shown : `${shown}\n`);
}

function parseMethod(text: string): string {
  const method = text.toUpperCase();
  if (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return method;
  throw new InvalidArgumentError('It must be GET, POST, PUT, PATCH or DELETE.');
}
