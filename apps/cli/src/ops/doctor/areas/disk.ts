/** Room on the disks that the platform writes to: bytes, and names (inodes). */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import { DISK_LOW } from '../../limits.ts';
import type { Area } from '../area.ts';
import { statIfThere } from '../files.ts';

const finding = findingsOf<'low' | 'few-inodes'>('disk');

export const disk: Area = {
  name: 'disk',
  async look({ config: { dataDir, imap, insights } }) {
    const database = insights.database.kind === 'sqlite' ? [dirname(insights.database.file)] : [];
    const findings: Finding[] = [];
    const seen = new Set<number>();
    for (const folder of [dataDir, imap.mailRoot, ...database]) {
      const place = await nearest(folder);
      const { dev } = (await statIfThere(place)) ?? { dev: 0 };
      if (seen.has(dev)) continue;
      seen.add(dev);
      findings.push(...judge(place, await statfs(place)));
    }
    return findings;
  },
};

/** The folder, or the one above it that is there. */
async function nearest(folder: string): Promise<string> {
  return (await statIfThere(folder)) === undefined && dirname(folder) !== folder ? nearest(dirname(folder)) : folder;
}

export interface Room {
  readonly bsize: number;
  readonly blocks: number;
  /** For users other than root. */
  readonly bavail: number;
  /** 0 where the file system has no such bound. */
  readonly files: number;
  readonly ffree: number;
}

/** What a file system's figures mean for the platform. */
export function judge(folder: string, { bsize, blocks, bavail, files, ffree }: Room): readonly Finding[] {
  const [free, total] = [bavail * bsize, blocks * bsize];
  const findings: Finding[] = [];
  const level = levelOf(free / total, free);
  if (level !== undefined) {
    const message = `The disk of ${folder} has ${mib(free)} of ${mib(total)} left; on a full one mail and events are refused.`;
    findings.push(
      finding(
        level,
        'low',
        folder,
        message,
        `du -xsh ${folder}/* | sort -h   # make room, or move data_dir to a larger disk`,
      ),
    );
  }
  const share = files === 0 ? 1 : ffree / files;
  if (share < DISK_LOW.warning.share) {
    const message = `The disk of ${folder} has room for ${ffree.toLocaleString('en')} more files; each message is one.`;
    const grave = share < DISK_LOW.fault.share ? 'fault' : 'warning';
    findings.push(
      finding(grave, 'few-inodes', folder, message, `df -i ${folder}   # make room, or move imap.mail_root`),
    );
  }
  return findings;
}

function levelOf(share: number, free: number): 'fault' | 'warning' | undefined {
  if (share < DISK_LOW.fault.share || free < DISK_LOW.fault.bytes) return 'fault';
  return share < DISK_LOW.warning.share || free < DISK_LOW.warning.bytes ? 'warning' : undefined;
}

const mib = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2).toLocaleString('en')} MiB`;
