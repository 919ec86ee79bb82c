/** Events that were answered and wait for the SQL Server. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { spoolFolder } from '@scorpiox/shared/config';
import { findingsOf } from '../../findings/finding.ts';
import { SPOOL_WARNING } from '../../limits.ts';
import type { Area } from '../area.ts';
import { statIfThere } from '../files.ts';

const finding = findingsOf<'filling' | 'left-behind'>('spool');

export const spool: Area = {
  name: 'spool',
  async look({ config }) {
    const folder = spoolFolder(config);
    if ((await statIfThere(folder)) === undefined) return [];
    const names = (await readdir(folder)).filter((name) => /\.db(-wal)?$/.test(name));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const { spoolMax, database } = config.insights;
    if (database.kind === 'sqlite') {
      if (names.length === 0) return [];
      const message = `${folder} holds what waited for a SQL Server (${mib(bytes)}), and the database is a file now: nothing ships it.`;
      return [
        finding(
          'warning',
          'left-behind',
          folder,
          message,
          'Set insights.database to that server until the folder is empty.',
        ),
      ];
    }
    if (bytes < spoolMax * SPOOL_WARNING) return [];
    const message = `${folder} holds ${mib(bytes)} of at most ${mib(spoolMax)}; beyond it events are refused.`;
    const level = bytes >= spoolMax ? 'fault' : 'warning';
    return [
      finding(
        level,
        'filling',
        folder,
        message,
        'See that the SQL Server can be reached and keeps up: /health in the dashboard.',
      ),
    ];
  },
};

const mib = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2).toLocaleString('en')} MiB`;
