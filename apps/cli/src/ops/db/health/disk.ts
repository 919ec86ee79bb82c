import { tellBytes } from '../../amounts.ts';
import { DISK_LOW } from '../../limits.ts';
import { type Found, found } from './report.ts';

/** A disk that is nearly full, by the doctor's measure. */
export function diskFinding(volume: string, free: number, bytes: number): readonly Found[] {
  const isBelow = ({ share, bytes: least }: { readonly share: number; readonly bytes: number }): boolean =>
    free < bytes * share || free < least;
  if (!isBelow(DISK_LOW.warning)) return [];
  return [
    found(isBelow(DISK_LOW.fault) ? 'fault' : 'warning', 'disk-low', volume, `The disk ${volume} is nearly full.`, {
      evidence: `${tellBytes(free)} of ${tellBytes(bytes)} free`,
      mend: 'Make room; scorpiox app retention NAME DAYS keeps less.',
    }),
  ];
}
