import type { ConfigOptions } from '../command.ts';
import type { Finding } from '../ops/findings/finding.ts';
import { shellWord } from '../ops/shell-word.ts';

/** What another command must say to mean the same installation. */
export function installationFlags({ config, dataDir }: ConfigOptions): string {
  const flag = (name: string, value: string | undefined) => (value === undefined ? '' : ` ${name} ${shellWord(value)}`);
  return flag('--config', config) + flag('--data-dir', dataDir);
}

/** Findings whose commands mean this installation. */
export const forInstallation = (findings: readonly Finding[], options: ConfigOptions): readonly Finding[] =>
  findings.map((finding) =>
    /(^|; )scorpiox /.test(finding.mend) ? { ...finding, mend: finding.mend + installationFlags(options) } : finding,
  );
