/** Whether this machine has containers, or is one: for information. */
import { ENGINES } from '../../containers/engine.ts';
import { findProgram } from '../../find-program.ts';
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
    for (const engine of ENGINES) {
      const program = await findProgram(engine, path);
      if (program !== undefined) findings.push(finding('note', 'engine', program, `${engine} is there: ${program}.`));
    }
    return findings;
  },
};
