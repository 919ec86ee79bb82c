import type { Row } from '@scorpiox/shared/database/console';
import { flag, number, optionalText, text } from '../../dialect/rows.ts';
import { NotTold, type Probe, rowsOf } from '../probe.ts';
import { type Found, found, type Told } from '../report.ts';
import { DATABASE } from './statements.ts';

export const settings: Probe = {
  section: 'settings',
  look: async ({ db }) => {
    const [row] = await rowsOf(db, { text: DATABASE });
    if (row === undefined) throw new NotTold('not told: the server does not list its databases to this account');
    return tellSettings(row);
  },
};

/** What the database is set to. */
export function tellSettings(row: Row): Told {
  const isVersioned = flag(row, 'is_read_committed_snapshot_on');
  const durability = optionalText(row, 'delayed_durability_desc') ?? 'DISABLED';
  const level = number(row, 'compatibility_level');
  return {
    summary: `READ_COMMITTED_SNAPSHOT ${isVersioned ? 'on' : 'off'}, recovery ${text(row, 'recovery_model_desc')}, compatibility level ${level}`,
    facts: {
      readCommittedSnapshot: isVersioned,
      recovery: text(row, 'recovery_model_desc'),
      delayedDurability: durability,
      autoShrink: flag(row, 'is_auto_shrink_on'),
      compatibilityLevel: level,
    },
    findings: [
      ...(isVersioned ? [] : [noVersions]),
      ...(durability === 'DISABLED' ? [] : [delayed(durability)]),
      ...(flag(row, 'is_auto_shrink_on') ? [shrinks] : []),
    ],
  };
}

const noVersions: Found = found(
  'warning',
  'no-row-versions',
  '',
  'Who reads waits for who writes, and the other way round: READ_COMMITTED_SNAPSHOT is off.',
  {
    evidence: 'is_read_committed_snapshot_on 0',
    mend: 'ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT; -- while nobody else is connected',
  },
);

const delayed = (durability: string): Found =>
  found('warning', 'delayed-durability', '', 'A commit may be answered before it is on disk, and lost.', {
    evidence: `delayed durability ${durability}`,
    mend: 'ALTER DATABASE CURRENT SET DELAYED_DURABILITY = DISABLED;',
  });

const shrinks: Found = found(
  'warning',
  'auto-shrink',
  '',
  'The server shrinks the files again and again, which then have to grow, and scatters the indexes.',
  { evidence: 'is_auto_shrink_on 1', mend: 'ALTER DATABASE CURRENT SET AUTO_SHRINK OFF;' },
);
