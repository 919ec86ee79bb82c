/** What the user's own configuration of git says: `safe.directory`, `includeIf "gitdir:…"` and the like. */
import { readFileSync } from 'node:fs';
import type { Environment } from '../../git/environment.ts';
import { gitRecords } from '../../git/run.ts';
import type { Finding } from './findings.ts';
import type { Mender } from './mend.ts';
import { octetText } from './octets.ts';
import { mendSettings, NOWHERE, type Setting, settingOf } from './settings.ts';

/** A finding for each setting; nothing where there is no git, or no such configuration. */
export async function userSettings(mender: Mender): Promise<readonly Finding[]> {
  const settings = await readGlobal(mender.env);
  return settings.flatMap(({ file, ...setting }): Finding[] => {
    const mend = mendSettings([setting], ['--global'], mender, settings);
    if (mend.length === 0) return [];
    const home = { kind: 'tree', root: '' } as const;
    const place = { path: octetText(file), home, content: 'octets', count: 1, lines: [] } as const;
    return [{ ...place, kind: 'hit', form: 'plain', standing: 'user-config', mend }];
  });
}

/** A file's content; empty where it cannot be had. */
function contents(file: Buffer): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What `git config --global` reads, each with its file. */
async function readGlobal(base: Environment): Promise<readonly (Setting & { readonly file: Buffer })[]> {
  const records: Buffer[] = [];
  const args = ['config', '--global', '--list', '--show-origin', '-z'];
  const read = await gitRecords(NOWHERE, [args], { base }, (record) => records.push(Buffer.from(record)));
  if (!read.ok) return [];
  return records.flatMap((origin, at) => {
    const setting = records[at + 1];
    if (at % 2 !== 0 || setting === undefined) return [];
    const file = origin.subarray('file:'.length);
    return [{ file, ...settingOf(setting, contents(file)) }];
  });
}
