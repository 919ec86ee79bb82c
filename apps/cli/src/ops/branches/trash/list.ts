import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { type Kept, TRASH } from './lot.ts';
import { type LotRecord, readRecord } from './record.ts';
import { readRefs } from './refs.ts';

/** All that is in a repository's trash, the last deleted first. What is noted nowhere, a ref's name tells. */
export async function listTrash(repository: string): Promise<Result<readonly Kept[], Failure>> {
  const refs = await readRefs(repository, TRASH);
  if (!refs.ok) return refs;
  const records = new Map<string, LotRecord | undefined>();
  const kept: Kept[] = [];
  for (const [ref, id] of refs.value) {
    const [, lot = '', kind, rest = ''] =
      /^([0-9a-f]{12})\/(heads|remotes)\/(.+)$/s.exec(ref.slice(TRASH.length)) ?? [];
    if (kind === undefined) continue; // nothing of ours
    if (!records.has(lot)) records.set(lot, await readRecord({ repository, lot }));
    const record = records.get(lot);
    const remote = kind === 'heads' ? undefined : (record?.remote ?? rest.replace(/\/.*$/s, ''));
    const name = remote === undefined ? rest : rest.slice(remote.length + 1);
    const why = record?.branches.find((branch) => branch.name === name)?.why ?? '';
    const deleted = record?.deleted;
    kept.push({ repository, lot, name, id, why, ...(remote && { remote }), ...(deleted && { deleted }) });
  }
  return ok(kept.sort((one, other) => (other.deleted ?? '').localeCompare(one.deleted ?? '')));
}
