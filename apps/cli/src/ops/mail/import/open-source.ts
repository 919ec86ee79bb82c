import { stat } from 'node:fs/promises';
import type { Result } from '@scorpiox/shared/result';
import { err } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { ImapServer } from '../../transfer/imap/server.ts';
import { openImapSource } from '../../transfer/imap/source.ts';
import { isMaildir, openMaildirSource } from '../../transfer/maildir/source.ts';
import type { MboxFormat } from '../../transfer/mbox/scan.ts';
import { openMboxSource, pathFailure } from '../../transfer/mbox/source.ts';
import type { Source } from '../../transfer/model.ts';

/** Where mail is imported from. */
export type SourceRequest = FilesRequest | { readonly kind: 'imap'; readonly server: ImapServer };

interface FilesRequest {
  readonly kind: 'files';
  /** Absolute. */
  readonly path: string;
  /** What lies there; undefined: whatever it looks like. */
  readonly layout: 'mbox' | 'maildir' | undefined;
  readonly mboxFormat: MboxFormat;
}

/** Opens what mail is imported from, and counts it. `isNamed`: whether the operator has said where a folder goes. */
export function openSource(
  request: SourceRequest,
  isNamed: (folder: string) => boolean,
  signal: AbortSignal,
): Promise<Result<Source, Failure>> {
  return request.kind === 'imap' ? openImapSource(request.server, isNamed, signal) : openFiles(request, signal);
}

async function openFiles(
  { path, layout, mboxFormat }: FilesRequest,
  signal: AbortSignal,
): Promise<Result<Source, Failure>> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    const inMaildir = layout === 'maildir' || (layout === undefined && isFolder && (await isMaildir(path)));
    return inMaildir ? await openMaildirSource(path, signal) : await openMboxSource(path, mboxFormat, signal);
  } catch (error) {
    signal.throwIfAborted();
    return err(pathFailure(path, error));
  }
}
