import { checkCertificates } from '../../cert/check/check.ts';
import type { Area } from '../area.ts';

/** What `cert check` finds, but for what runs: that is told of the parts. */
export const certificates: Area = {
  name: 'certificates',
  look: async ({ config }) => {
    const { findings } = await checkCertificates(config);
    return findings.filter(({ code }) => code !== 'not-served' && code !== 'not-made');
  },
};
