import { adminTokenFile, type Config } from '@scorpiox/shared/config';
import type { ConfigOptions } from '../../command.ts';
import type { Running } from '../../ops/up/up.ts';
import { installationFlags } from '../installation.ts';

/** What the person who started the platform needs to know now. */
export function describeRunning(running: Running, config: Config, options: ConfigOptions): string {
  const { imapAddresses, url, secureUrl, signInLink, caFile, demoAccount } = running;
  const { dataDir, imap } = config;
  const rows: [string, string][] = [
    ['Dashboard', url],
    ['Sign in', `${signInLink} (once, within 15 minutes)`],
    ...(secureUrl === undefined ? [] : ([['HTTPS', secureUrl]] as [string, string][])),
    ['IMAP', imapAddresses.map(describeAddress).join(', ')],
    ...(caFile === undefined ? [] : ([['Certificate', `${caFile} (let your clients trust it)`]] as [string, string][])),
    ...(imap.adminPort === 0
      ? []
      : ([['Operate IMAP', `http://127.0.0.1:${imap.adminPort} (token in ${adminTokenFile(config)})`]] as [
          string,
          string,
        ][])),
    ['Data', dataDir],
    ['Add a user', `npx scorpiox user add NAME${installationFlags(options)}`],
    ...(demoAccount === undefined
      ? []
      : ([['Demo mail', `user ${demoAccount.user}, password ${demoAccount.password}`]] as [string, string][])),
    ['Stop', 'Ctrl-C'],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}\n`);
  return `\nScorpiox is running.\n\n${lines.join('')}\n`;
}

/** `imap://127.0.0.1:1143` as mail clients' settings call it. */
function describeAddress(address: string): string {
  const [scheme, place] = address.split('://');
  return place === undefined ? address : `${place} (${scheme === 'imaps' ? 'TLS' : 'STARTTLS'})`;
}
