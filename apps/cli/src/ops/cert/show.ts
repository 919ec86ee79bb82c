import { readFile } from 'node:fs/promises';
import { certificateFiles, parseChain } from '@scorpiox/shared/certificates';
import { type Config, tlsFolder } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import { describeCertificate, type ShownCertificate } from './describe.ts';
import { pairsInUse } from './in-use.ts';

/** The certificates that are served here, the local authority's behind one of its own. */
export async function showInUse(config: Config): Promise<Result<readonly ShownCertificate[], Failure>> {
  const pairs = pairsInUse(config);
  const { caFile } = certificateFiles(tlsFolder(config));
  const authority = pairs.some(({ isLocal }) => isLocal) ? [caFile] : [];
  const shown: ShownCertificate[] = [];
  for (const file of [...pairs.map(({ certFile }) => certFile), ...authority]) {
    const chain = await showFile(file);
    if (!chain.ok) return chain;
    shown.push(...chain.value.slice(0, 1));
  }
  return ok(shown);
}

/** Every certificate of a file in PEM. */
export async function showFile(file: string): Promise<Result<readonly ShownCertificate[], Failure>> {
  try {
    const chain = parseChain(await readFile(file, 'utf8'));
    if (chain === undefined)
      return err({ kind: 'error', message: `${file} holds no certificate in PEM, or a damaged one.` });
    return ok(chain.map((certificate) => describeCertificate(file, certificate, Date.now())));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const message =
      code === 'ENOENT'
        ? `There is no ${file}. Make the local authority with \`scorpiox cert init\`, or name the right folder with --data-dir.`
        : `${file} cannot be read: ${code}.`;
    return err({ kind: kindOfSystemError(code), message });
  }
}
