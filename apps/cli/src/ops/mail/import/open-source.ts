import { stat } from 'node:fs/promises';
import type { Result } from '@scorpiox/shared/result';
import { err } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { isMaildir, openMaildirSource } from '../../transfer/maildir/source.ts';
import type { MboxFormat } from '../../transfer/mbox/scan.ts';
import { openMboxSource, pathFailure } from '../../transfer/mbox/source.ts';
import type { Source } from '../../transfer/model.ts';

/** Where mail is imported from. */
export type SourceRequest = {
  readonly kind: 'files';
  /** Absolute. */
  readonly path: string;
  /** What lies there; undefined: whatever it looks like. */
  readonly layout: 'mbox' | 'maildir' | undefined;
  readonly mboxFormat: MboxFormat;
};

/** Opens what mail is imported from, and counts it. */
export async function openSource(request: SourceRequest, signal: AbortSignal): Promise<Result<Source, Failure>> {
  const { path, layout, mboxFormat } = request;
  try {
    const isFolder = (await stat(path)).isDirectory();
    const inMaildir = layout === 'maildir' || (layout === undefined && isFolder && (await isMaildir(path)));
    return inMaildir ? await openMaildirSource(path, signal) : await openMboxSource(path, mboxFormat, signal);
  } catch (error) {
    signal.throwIfAborted();
    return err(pathFailure(path, error));
  }
}
