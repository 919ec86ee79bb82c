/** Whether this machine has containers, or is one: for information. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import type { Area } from '../area.ts';
import { statIfThere } from '../files.ts';

const finding = findingsOf<'engine' | 'inside'>('containers');

export const containers: Area = {
  name: 'containers',
  async look({ path }) {
    const findings: Finding[] = [];
    for (const mark of ['/.dockerenv', '/run/.containerenv']) {
      if ((await statIfThere(mark)) === undefined) continue;
      findings.push(
        finding('note', 'inside', mark, `This is a container (${mark}): what is not on a volume goes with it.`),
      );
    }
    for (const engine of ['podman', 'docker']) {
      const program = await find(engine, path);
      if (program !== undefined) findings.push(finding('note', 'engine', program, `${engine} is there: ${program}.`));
    }
    return findings;
  },
};

async function find(program: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(':').filter((part) => part.startsWith('/'))) {
    const file = join(folder, program);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}
