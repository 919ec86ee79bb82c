import type { ConfigOptions } from '../command.ts';
import type { Finding } from '../ops/findings/finding.ts';

/** What another command must say to mean the same installation. */
export function installationFlags({ config, dataDir }: ConfigOptions): string {
  const flag = (name: string, value: string | undefined) => (value === undefined ? '' : ` ${name} ${quoted(value)}`);
  return flag('--config', config) + flag('--data-dir', dataDir);
}

/** As a shell takes it for one word. */
const quoted = (text: string): string => (/^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Findings whose commands mean this installation. */
export const forInstallation = (findings: readonly Finding[], options: ConfigOptions): readonly Finding[] =>
  findings.map((finding) =>
    /(^|; )scorpiox /.test(finding.mend) ? { ...finding, mend: finding.mend + installationFlags(options) } : finding,
  );
