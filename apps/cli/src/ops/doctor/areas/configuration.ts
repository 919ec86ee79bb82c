/** The configuration beyond its being readable: whose it is, and whether it contradicts itself. */
import { certificateFiles } from '@scorpiox/shared/certificates';
import { accountsFile, adminTokenFile, type Config, tlsFolder } from '@scorpiox/shared/config';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import type { Area, Patient } from '../area.ts';
import { isOpenToOthers, isWritable, statIfThere } from '../files.ts';

const finding = findingsOf<'no-data' | 'not-writable' | 'other-owner' | 'secret-exposed' | 'same-port'>(
  'configuration',
);

export const configuration: Area = {
  name: 'configuration',
  look: async (patient) => [
    ...(await dataFolder(patient.config)),
    ...(await otherOwners(patient.config)),
    ...(await exposedSecrets(patient)),
    ...samePorts(patient.config),
  ],
};

async function dataFolder({ dataDir }: Config): Promise<readonly Finding[]> {
  if ((await statIfThere(dataDir)) === undefined) {
    const message = `There is no ${dataDir}: nothing was started here yet, or another folder is meant (--data-dir).`;
    return [finding('note', 'no-data', dataDir, message, 'scorpiox up')];
  }
  if (await isWritable(dataDir)) return [];
  const message = `${dataDir} may not be written by this user.`;
  return [
    finding('fault', 'not-writable', dataDir, message, `chown -R USER ${dataDir}   # the user that the servers run as`),
  ];
}

/** What a command made that ran as root, the servers cannot open, which do not. */
async function otherOwners(config: Config): Promise<readonly Finding[]> {
  const { dataDir, imap, insights } = config;
  const database = insights.database.kind === 'sqlite' ? [insights.database.file] : [];
  const owner = (await statIfThere(dataDir))?.uid;
  const { keyFile, caKeyFile } = certificateFiles(tlsFolder(config));
  const findings: Finding[] = [];
  for (const path of [accountsFile(config), adminTokenFile(config), keyFile, caKeyFile, imap.mailRoot, ...database]) {
    const found = await statIfThere(path);
    if (owner === undefined || found === undefined || found.uid === owner) continue;
    const message = `${path} belongs to another user (${found.uid}) than ${dataDir} (${owner}): the servers may not be able to use it.`;
    findings.push(finding('warning', 'other-owner', path, message, `chown -R --reference=${dataDir} ${path}`));
  }
  return findings;
}

/** Files with secrets in them: the configuration where one stands in it, and the token of the IMAP server's operator. */
async function exposedSecrets({ config, settings }: Patient): Promise<readonly Finding[]> {
  const files = settings.flatMap(({ value, origin }) =>
    value === '[secret]' && origin.startsWith('/') ? [origin] : [],
  );
  const findings: Finding[] = [];
  for (const file of new Set([...files, adminTokenFile(config)])) {
    const found = await statIfThere(file);
    if (found === undefined || !isOpenToOthers(found)) continue;
    const message = `${file} holds a secret and can be read by others.`;
    findings.push(finding('fault', 'secret-exposed', file, message, `chmod 600 ${file}`));
  }
  return findings;
}

function samePorts({ imap, insights }: Config): readonly Finding[] {
  const ports: readonly (readonly [string, number])[] = [
    ['imap.port', imap.port],
    ['imap.tls_port', imap.tlsPort],
    ['imap.lmtp_port', imap.lmtpPort],
    ['imap.admin_port', imap.adminPort],
    ['insights.port', insights.port],
    ['insights.tls_port', insights.tlsPort ?? 0],
  ];
  const byPort = Map.groupBy(
    ports.filter(([, port]) => port !== 0),
    ([, port]) => port,
  );
  return [...byPort].flatMap(([port, keys]) => {
    if (keys.length === 1) return [];
    const names = keys.map(([key]) => key).join(' and ');
    const mend = `Set ${keys.at(-1)?.[0]} to another port.`;
    return [finding('fault', 'same-port', String(port), `${names} are both ${port}: only one can listen.`, mend)];
  });
}
