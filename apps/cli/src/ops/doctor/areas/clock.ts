/** The clock: sign-in links, retention and certificates go by it. */
import { accountsFile } from '@scorpiox/shared/config';
import { findingsOf } from '../../findings/finding.ts';
import { CLOCK_SLACK_MS } from '../../limits.ts';
import type { Area } from '../area.ts';
import { statIfThere } from '../files.ts';

const finding = findingsOf<'behind'>('clock');

export const clock: Area = {
  name: 'clock',
  /** What was written already is not written in the future. */
  async look({ config, now }) {
    const { database } = config.insights;
    const files = [
      accountsFile(config),
      ...(database.kind === 'sqlite' ? [database.file, `${database.file}-wal`] : []),
    ];
    for (const file of files) {
      const written = (await statIfThere(file))?.mtimeMs ?? 0;
      if (written <= now + CLOCK_SLACK_MS) continue;
      const message = `${file} was written on ${new Date(written).toISOString()}, which is yet to come: the clock was ahead then, or is behind now.`;
      return [finding('fault', 'behind', file, message, 'timedatectl set-ntp true')];
    }
    return [];
  },
};
