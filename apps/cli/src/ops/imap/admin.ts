/** The IMAP server's operator port, as this installation has it (docs/operating-imap.md). */
import { readFile } from 'node:fs/promises';
import { adminTokenFile, type Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { ApiClient, type ServerWords } from '../api/client.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';

/** Whom to ask. Fails where there is no such port, or its token cannot be read. */
export async function openAdmin(config: Config): Promise<Result<ApiClient, Failure>> {
  const port = config.imap.adminPort;
  const off = 'The IMAP server has no port for operators: imap.admin_port is 0.';
  if (port === 0) return err({ kind: 'unavailable', message: off });
  const file = adminTokenFile(config);
  try {
    const token = (await readFile(file, 'utf8')).trim();
    if (!/^[\w~+/.=-]+$/.test(token)) return err({ kind: 'error', message: `${file} holds no token.` });
    return ok(new ApiClient({ url: `http://127.0.0.1:${port}`, token }, wordsOf(file, port)));
  } catch (error) {
    return err(tokenFailure(file, systemErrorCode(error)));
  }
}

function tokenFailure(file: string, code: string | undefined): Failure {
  if (code === 'ENOENT') {
    const message = `There is no ${file}, which the IMAP server makes when it starts. Start it, or name its data folder with --data-dir.`;
    return { kind: 'unavailable', message };
  }
  const who = code === 'EACCES' ? ' Only the user that runs the server may: run this as that user.' : '';
  return { kind: kindOfSystemError(code), message: `${file} cannot be read: ${code ?? 'unknown'}.${who}` };
}

const wordsOf = (file: string, port: number): ServerWords => ({
  stranger: () => ({
    kind: 'not-permitted',
    message: `The server on port ${port} does not know the token in ${file}: it is another installation's, or was started before the file was made.`,
  }),
  silent: (_, reason) => ({
    kind: 'unavailable',
    message: reason.includes('ECONNREFUSED')
      ? `The IMAP server does not run: nobody listens on 127.0.0.1:${port} (imap.admin_port).`
      : `The IMAP server does not answer on 127.0.0.1:${port}: ${reason}.`,
  }),
});
