import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { loginFile, parseOrigin } from '../../remote.ts';
import { readToken } from './read-token.ts';

interface Options extends ConfigOptions {
  readonly tokenStdin?: true;
}

export function loginCommand(program: Command, io: Io): void {
  defineCommand(program, {
    usage: 'login <url>',
    summary: 'go through the API of another machine from now on',
    description:
      'Remembers an API and a bearer token that opens it: commands about applications, keys and tokens then go there, unless\n--config or --data-dir names an installation on this machine. Asks for the token on the terminal, or reads it from standard\ninput. Tokens are made on the page /settings, or over there with `scorpiox token add NAME --role admin`.',
    examples: [
      'scorpiox login https://insights.example.net',
      'pass show insights | scorpiox login https://insights.example.net --token-stdin',
    ],
  })
    .option('--token-stdin', 'read the token from standard input')
    .action(async (url: string, options: Options) => {
      const origin = orFail(parseOrigin(url));
      const token = orFail(await readToken(io, options.tokenStdin === true));
      const { logIn } = await import('../../ops/api/log-in.ts');
      const login = orFail(await logIn(loginFile(io), { url: origin, token }));
      io.say(`${login.url} knows you as ${login.user} (${login.role}).\n`);
      if (isOpen(origin))
        io.say('The token travels there unencrypted: use https:// where the network is not your own.\n');
    });
}

export function logoutCommand(program: Command, io: Io): void {
  defineCommand(program, {
    usage: 'logout',
    summary: 'forget what `login` remembers',
    description: 'Forgets the API and its token; the token stays in force until it is revoked.',
    examples: ['scorpiox logout'],
  }).action(async () => {
    const { removeLogin } = await import('../../ops/api/login-file.ts');
    orFail(removeLogin(loginFile(io)));
    io.say('Commands go to the configured database again.\n');
  });
}

/** Whether others on the way could read what is sent there. */
function isOpen(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'http:' && !isHere;
}
