import type { X509Certificate } from 'node:crypto';
import type { Finding } from '../../findings/finding.ts';
import { CERTIFICATE_WARNINGS_DAYS } from '../../limits.ts';
import { daysLeft } from '../describe.ts';
import type { Pair } from '../in-use.ts';
import { certificateFinding as finding } from './finding.ts';

/** Whether it is valid now, and for long enough to sleep well. */
export function validityFindings(
  { certFile, isLocal }: Pick<Pair, 'certFile' | 'isLocal'>,
  certificate: X509Certificate,
  now: number,
): readonly Finding[] {
  const [from, until] = [certificate.validFromDate, certificate.validToDate];
  const mend = isLocal
    ? 'scorpiox cert renew'
    : `Renew it where it comes from, and put it in the place of ${certFile}.`;
  if (from.getTime() > now) {
    const message = `The certificate in ${certFile} is not valid before ${from.toISOString()}; is the clock right?`;
    return [finding('fault', 'not-yet-valid', certFile, message, mend)];
  }
  const days = daysLeft(certificate, now);
  if (until.getTime() <= now) {
    const message = `The certificate in ${certFile} ended on ${dateOf(until)}: clients refuse it.`;
    return [finding('fault', 'expired', certFile, message, mend)];
  }
  const { soon, week, last } = CERTIFICATE_WARNINGS_DAYS;
  if (days >= soon) return [];
  const level = days < last ? 'fault' : 'warning';
  const haste = days < week ? ' Do it now.' : '';
  const message = `The certificate in ${certFile} ends ${leftIn(days)}, on ${dateOf(until)}.${haste}`;
  return [finding(level, 'ends-soon', certFile, message, mend)];
}

const dateOf = (date: Date): string => date.toISOString().slice(0, 'yyyy-mm-dd'.length);

function leftIn(days: number): string {
  if (days === 0) return 'within a day';
  return days === 1 ? 'in 1 day' : `in ${days} days`;
}
