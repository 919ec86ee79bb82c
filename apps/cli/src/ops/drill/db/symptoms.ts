import { setTimeout as pause } from 'node:timers/promises';
import type { Console } from '@scorpiox/shared/database/console';
import { examine } from '../../db/health/examine.ts';
import { KEY, TABLE } from './crisis/texts.ts';
import type { Scratch } from './scratch/scratch.ts';

/** What `db health` finds wrong with the drill's table, by the names of its findings. */
export async function symptomsOf({ db, location }: Pick<Scratch, 'db' | 'location'>): Promise<readonly string[]> {
  const keys = [{ table: TABLE, columns: KEY }];
  const file = location.kind === 'sqlite' ? { file: location.file } : {};
  const report = await examine({ db, ...file, keys, deep: false, pause: (ms) => pause(ms), now: Date.now() });
  const ids = (report?.findings ?? []).filter(({ level }) => level !== 'note').map(({ id }) => id);
  return ids.filter((id) => isOfTable(id, db)).toSorted();
}

/** The database itself may have others, and a server's are none of the drill's business. */
function isOfTable(id: string, { kind }: Console): boolean {
  const name = kind === 'sqlite' ? TABLE : `dbo.${TABLE}`;
  const subject = id.slice(id.indexOf(':') + 1);
  return subject === name || subject.startsWith(`${name}(`) || subject.startsWith(`${name}.`);
}
