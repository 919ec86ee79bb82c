import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCertificates, parseChain } from '@scorpiox/shared/certificates';
import { describe, expect, it } from 'vitest';
import { ownFindings } from '../../src/ops/cert/check/chain.ts';
import { validityFindings } from '../../src/ops/cert/check/validity.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');

/** The certificates that an authority made at `NOW`: the leaf and its authority. */
async function makeChain(): Promise<readonly [X509Certificate, X509Certificate]> {
  const folder = join(await temporaryFolder(), 'tls');
  const { certFile } = await ensureCertificates({ folder, now: () => NOW });
  const [leaf, ca] = parseChain(readFileSync(certFile, 'utf8')) ?? [];
  if (leaf === undefined || ca === undefined) throw new Error('no chain was made');
  return [leaf, ca];
}

/** One for all tests: keys take a while to find. */
let made: ReturnType<typeof makeChain> | undefined;
const chainOf = () => {
  made ??= makeChain();
  return made;
};

describe('the time that is left', () => {
  it.each([
    [30, []],
    [29.9, [['warning', 'ends-soon', 'scorpiox cert renew']]],
    [7, [['warning', 'ends-soon', 'scorpiox cert renew']]],
    [1, [['warning', 'ends-soon', 'scorpiox cert renew']]],
    [0.9, [['fault', 'ends-soon', 'scorpiox cert renew']]],
    [0, [['fault', 'expired', 'scorpiox cert renew']]],
    [-3, [['fault', 'expired', 'scorpiox cert renew']]],
    [900, [['fault', 'not-yet-valid', 'scorpiox cert renew']]],
  ])('%d days: %j', async (days, expected) => {
    const [leaf] = await chainOf();
    const found = validityFindings({ certFile: 'a.pem', isLocal: true }, leaf, leaf.validToDate.getTime() - days * DAY);
    expect(found.map(({ level, code, mend }) => [level, code, mend])).toEqual(expected);
  });

  it('is told in words, and one of somebody else’s is renewed there', async () => {
    const [leaf] = await chainOf();
    const [found] = validityFindings(
      { certFile: '/a.pem', isLocal: false },
      leaf,
      leaf.validToDate.getTime() - 3 * DAY,
    );
    const until = leaf.validToDate.toISOString().slice(0, 10);
    expect(found?.message).toBe(`The certificate in /a.pem ends in 3 days, on ${until}. Do it now.`);
    expect(found?.mend).toContain('/a.pem');
  });
});

describe('a chain from elsewhere', () => {
  it('leads to somebody who is trusted, or it is said what is missing', async () => {
    const [[leaf, ca], [, other]] = [await chainOf(), await makeChain()];
    const codes = (chain: readonly X509Certificate[], roots: readonly X509Certificate[] = []) =>
      ownFindings({ certFile: 'a.pem' }, chain, roots).map(({ level, code }) => `${level} ${code}`);
    expect(codes([leaf], [ca])).toEqual([]);
    expect(codes([leaf, ca], [other, ca])).toEqual([]);
    expect(codes([leaf, ca])).toEqual(['note private-authority']);
    expect(codes([leaf], [other])).toEqual(['warning chain-incomplete']);
    expect(codes([leaf, other])).toEqual(['fault chain-order']);
  });
});
